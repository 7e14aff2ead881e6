import {
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from "jose";
import * as z from "zod";
import type { Configured, OidcSettings } from "#lib/auth/sso/configuration.ts";
import { keysFor } from "./key-sets.ts";
import { OidcTrouble } from "./oidc-trouble.ts";

/** How far the provider's clock may be from ours (SEC65 allows a minute). */
const SKEW_SECONDS = 30;
const MOST_CHARACTERS = 64 * 1024;

type Token = {
  /** What the reasons of its refusals begin with. */
  name: "id_token" | "logout_token";
  token: string;
  /** What it may call itself. */
  types: readonly (string | undefined)[];
  required: readonly string[];
  /** How long after it was made it still counts. */
  oldestSeconds: number;
};

/**
 * Whether a token is this connection's provider's own, for this client, and of this moment (SEC65): signed by a key that the
 * provider publishes, with an algorithm that the connection allows. A token says nothing about where its key lies.
 * @throws OidcTrouble
 */
export async function verifyToken(
  { connection }: Pick<Configured, "connection">,
  settings: OidcSettings,
  now: Date,
  token: Token,
): Promise<JWTPayload & { sub?: string }> {
  const header = headerOf(token, settings);
  const place = { connectionId: connection.id, uri: settings.jwksUri };
  const keys = await keysFor(place, now, header.kid);
  try {
    const signer = await signerOf(token.token, header, keys, settings);
    const { payload } = await jwtVerify(token.token, signer, {
      algorithms: settings.algorithms,
      issuer: settings.issuer,
      audience: settings.clientId,
      currentDate: now,
      clockTolerance: SKEW_SECONDS,
      maxTokenAge: token.oldestSeconds,
      requiredClaims: [...token.required],
    });
    requireParty(token, payload, settings);
    return payload;
  } catch (error) {
    throw troubleOf(token, error);
  }
}

/** Where a token says its key is, somebody else's key may be. */
const POINTERS = ["jwk", "jku", "x5u", "x5c"] as const;

function headerOf({ name, token, types }: Token, { algorithms }: OidcSettings): Header {
  if (token.length > MOST_CHARACTERS) throw new OidcTrouble(`${name}_too_large`);
  const header = readHeader(name, token);
  if (!algorithms.some((one) => one === header.alg)) throw new OidcTrouble(`${name}_algorithm`);
  if (POINTERS.some((pointer) => header[pointer] !== undefined))
    throw new OidcTrouble(`${name}_names_its_key`);
  if (header.crit !== undefined) throw new OidcTrouble(`${name}_critical_header`);
  if (!types.includes(typeOf(header))) throw new OidcTrouble(`${name}_type`);
  return header;
}

const Header = z.looseObject({
  alg: z.string(),
  kid: z.string().optional(),
  typ: z.string().optional(),
});

type Header = z.output<typeof Header>;

function readHeader(name: Token["name"], token: string): Header {
  try {
    return Header.parse(decodeProtectedHeader(token));
  } catch (error) {
    throw new OidcTrouble(`${name}_malformed`, {}, error);
  }
}

function typeOf({ typ }: Header): string | undefined {
  return typ?.toLowerCase().replace(/^application\//, "");
}

/** The key among those of the provider. Of several that fit and have no name, the one that has signed. */
async function signerOf(token: string, header: Header, keys: JWK[], settings: OidcSettings) {
  try {
    return await createLocalJWKSet({ keys })(header);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const fits = await compactVerify(token, key, { algorithms: settings.algorithms }).then(
        () => true,
        () => false,
      );
      if (fits) return key;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Meant for others too: then it must say that we are the one that it was made for. */
function requireParty({ name }: Token, { aud, azp }: JWTPayload, { clientId }: OidcSettings): void {
  const several = Array.isArray(aud) && aud.length > 1;
  if (azp === undefined ? several : azp !== clientId) throw new OidcTrouble(`${name}_authorized_party`);
}

const BY_CLAIM: Record<string, string> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not_yet_valid",
  iat: "issued_at",
  exp: "expired",
};

function troubleOf({ name }: Token, error: unknown): OidcTrouble {
  if (error instanceof OidcTrouble) return error;
  return new OidcTrouble(`${name}_${wordFor(error)}`, {}, error);
}

function wordFor(error: unknown): string {
  if (error instanceof errors.JWTExpired) return error.claim === "iat" ? "too_old" : "expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === "missing" ? `without_${error.claim}` : (BY_CLAIM[error.claim] ?? "claim");
  }
  if (error instanceof errors.JWKSNoMatchingKey) return "key_unknown";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  return "malformed";
}
