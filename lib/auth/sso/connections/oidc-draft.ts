import { type FieldErrors, invalid } from "#lib/core/errors.ts";
import { FetchTrouble, permittedUrl } from "#lib/core/safe-fetch.ts";
import { type ClaimNames, OIDC_ALGORITHMS, OidcSettings } from "../configuration.ts";
import { DiscoveryTrouble, discover } from "../oidc/discover.ts";
import type { OidcDraft } from "./input.ts";

type Endpoints = Pick<
  OidcSettings,
  | "authorizationEndpoint"
  | "tokenEndpoint"
  | "jwksUri"
  | "userinfoEndpoint"
  | "endSessionEndpoint"
  | "issInAnswers"
  | "tokenAuth"
  | "algorithms"
>;

/**
 * The settings of an OIDC provider, as it describes itself or as they were typed.
 * @throws DomainError invalid, with what is wrong beside its field
 */
export async function oidcSettings(typed: OidcDraft, claims: ClaimNames): Promise<OidcSettings> {
  const described = typed.by === "discovery" ? await discovered(typed.issuer) : byHand(typed);
  const { issuer, clientId } = typed;
  const scopes = [...new Set(["openid", ...words(typed.scopes)])];
  return OidcSettings.parse({ kind: "oidc", issuer, clientId, scopes, claims, ...described });
}

async function discovered(issuer: string): Promise<Endpoints> {
  try {
    return await discover(issuer);
  } catch (error) {
    if (!(error instanceof FetchTrouble || error instanceof DiscoveryTrouble)) throw error;
    throw invalid({ issuer: [error.message] });
  }
}

const NEEDED = ["authorizationEndpoint", "tokenEndpoint", "jwksUri"] as const;

const POSSIBLE = ["userinfoEndpoint", "endSessionEndpoint"] as const;

function byHand(typed: OidcDraft): Endpoints {
  const errors = addressErrors(typed);
  const algorithms = OIDC_ALGORITHMS.filter((one) => words(typed.algorithms).includes(one));
  if (algorithms.length === 0) errors.algorithms = [`Enter one or more of ${OIDC_ALGORITHMS.join(", ")}.`];
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const { authorizationEndpoint, tokenEndpoint, jwksUri, tokenAuth } = typed;
  return {
    ...{ authorizationEndpoint, tokenEndpoint, jwksUri, tokenAuth, algorithms, issInAnswers: false },
    ...(typed.userinfoEndpoint && { userinfoEndpoint: typed.userinfoEndpoint }),
    ...(typed.endSessionEndpoint && { endSessionEndpoint: typed.endSessionEndpoint }),
  };
}

function addressErrors(typed: OidcDraft): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of ["issuer", ...NEEDED] as const) {
    const trouble = typed[field] === "" ? "Enter this address." : troubleWith(typed[field]);
    if (trouble) errors[field] = [trouble];
  }
  for (const field of POSSIBLE) {
    const trouble = typed[field] === "" ? undefined : troubleWith(typed[field]);
    if (trouble) errors[field] = [trouble];
  }
  return errors;
}

function troubleWith(address: string): string | undefined {
  try {
    permittedUrl(address);
    return undefined;
  } catch (error) {
    if (error instanceof FetchTrouble) return error.message;
    throw error;
  }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
