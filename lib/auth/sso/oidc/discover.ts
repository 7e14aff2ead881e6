import * as z from "zod";
import { OIDC_ALGORITHMS, type OidcSettings } from "#lib/auth/sso/configuration.ts";
import { FetchTrouble, permittedUrl, safeFetch } from "#lib/core/safe-fetch.ts";

/** What a provider says of itself; the rest of its settings the firm has to know. */
export type Discovered = Pick<
  OidcSettings,
  | "issuer"
  | "authorizationEndpoint"
  | "tokenEndpoint"
  | "jwksUri"
  | "userinfoEndpoint"
  | "endSessionEndpoint"
  | "issInAnswers"
  | "tokenAuth"
  | "algorithms"
>;

const SENTENCES = {
  malformed_issuer: "The issuer must be an https address without anything after a ? or #.",
  not_found: "There is no provider's description at this address. Check the issuer.",
  malformed: "What the server describes itself with is not readable.",
  other_issuer: "The server says that it is another issuer. Enter that one, exactly as it is written there.",
  incomplete: "The provider's description lacks an address that sign-in needs.",
  forbidden_endpoint: "The provider's description names an address that is not allowed.",
  no_code_flow: "The provider does not offer the authorization code flow.",
  no_pkce: "The provider does not offer PKCE with S256.",
  no_algorithm: "The provider signs with no algorithm that is safe enough.",
  no_client_secret: "The provider accepts no client secret, by header or in the form.",
} as const;

/** Why a provider cannot be used as it describes itself: a stable code, and a sentence for whoever set it up. */
export class DiscoveryTrouble extends Error {
  readonly code: keyof typeof SENTENCES;

  constructor(code: keyof typeof SENTENCES, detail = "") {
    super(SENTENCES[code] + detail);
    this.name = "DiscoveryTrouble";
    this.code = code;
  }
}

const Names = z.array(z.string());

const Description = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string().optional(),
  token_endpoint: z.string().optional(),
  jwks_uri: z.string().optional(),
  userinfo_endpoint: z.string().optional(),
  end_session_endpoint: z.string().optional(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
  response_types_supported: Names.optional(),
  code_challenge_methods_supported: Names.optional(),
  token_endpoint_auth_methods_supported: Names.default(["client_secret_basic"]),
  id_token_signing_alg_values_supported: Names.default(["RS256"]),
});

type Description = z.output<typeof Description>;

/**
 * Reads a provider's own description (OpenID Connect Discovery). It must name exactly the issuer that was asked for: else
 * one provider could speak for another (SEC65).
 * @throws FetchTrouble, DiscoveryTrouble; the sentences of both may be shown
 */
export async function discover(issuer: string): Promise<Discovered> {
  const answer = await safeFetch(addressOf(issuer), { headers: { accept: "application/json" } });
  if (answer.status !== 200) throw new DiscoveryTrouble("not_found");
  const described = await read(answer);
  if (described.issuer !== issuer) throw new DiscoveryTrouble("other_issuer");
  requireFlow(described);
  return {
    issuer,
    ...endpointsOf(described),
    issInAnswers: described.authorization_response_iss_parameter_supported,
    tokenAuth: tokenAuthOf(described),
    algorithms: algorithmsOf(described),
  };
}

function addressOf(issuer: string): string {
  const url = permittedUrl(issuer);
  if (url.search || url.hash || /[?#]/.test(issuer)) throw new DiscoveryTrouble("malformed_issuer");
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

async function read(answer: Response): Promise<Description> {
  const document: unknown = await answer.json().catch(() => undefined);
  const { data } = Description.safeParse(document);
  if (!data) throw new DiscoveryTrouble("malformed");
  return data;
}

function requireFlow({
  response_types_supported: types,
  code_challenge_methods_supported: pkce,
}: Description) {
  if (types && !types.includes("code")) throw new DiscoveryTrouble("no_code_flow");
  // Whoever says nothing about it may still have it, or ignores what it does not know.
  if (pkce && !pkce.includes("S256")) throw new DiscoveryTrouble("no_pkce");
}

function endpointsOf(described: Description) {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint } =
    described;
  if (!authorization_endpoint || !token_endpoint || !jwks_uri) throw new DiscoveryTrouble("incomplete");
  return {
    authorizationEndpoint: endpoint(authorization_endpoint),
    tokenEndpoint: endpoint(token_endpoint),
    jwksUri: endpoint(jwks_uri),
    ...(userinfo_endpoint && { userinfoEndpoint: endpoint(userinfo_endpoint) }),
    ...(end_session_endpoint && { endSessionEndpoint: endpoint(end_session_endpoint) }),
  };
}

/** Not only what the server fetches: the browser is sent to the others, and must not be sent to a script. */
function endpoint(address: string): string {
  try {
    permittedUrl(address);
    return address;
  } catch (error) {
    if (error instanceof FetchTrouble) throw new DiscoveryTrouble("forbidden_endpoint", ` ${error.message}`);
    throw error;
  }
}

function tokenAuthOf({
  token_endpoint_auth_methods_supported: offered,
}: Description): OidcSettings["tokenAuth"] {
  const method = (["client_secret_basic", "client_secret_post"] as const).find((one) =>
    offered.includes(one),
  );
  if (!method) throw new DiscoveryTrouble("no_client_secret");
  return method;
}

function algorithmsOf({
  id_token_signing_alg_values_supported: offered,
}: Description): OidcSettings["algorithms"] {
  const algorithms = OIDC_ALGORITHMS.filter((one) => offered.includes(one));
  if (algorithms.length === 0) throw new DiscoveryTrouble("no_algorithm");
  return algorithms;
}
