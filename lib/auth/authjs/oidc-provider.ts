import { customFetch, type NextAuthConfig } from "next-auth";
import { type Configured, type OidcSettings, secretOf } from "#lib/auth/sso/configuration.ts";
import { unavailable } from "#lib/auth/sso/oidc/oidc-trouble.ts";
import { safeFetch } from "#lib/core/safe-fetch.ts";

type Provider = NextAuthConfig["providers"][number];

/**
 * A connection's configuration as Auth.js takes it: its id is the connection's, so that state, PKCE and nonce count for no
 * other (SEC64, INC7). Each address is given, or Auth.js would look for them itself.
 */
export function oidcProvider(
  { connection, configuration }: Configured,
  settings: OidcSettings,
  onTokens: (answer: Response) => Promise<unknown> = async () => undefined,
): Provider {
  return {
    id: connection.id,
    name: connection.name,
    type: "oidc",
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecret: secretOf(configuration),
    authorization: { url: settings.authorizationEndpoint, params: { scope: scopeOf(settings) } },
    token: { url: settings.tokenEndpoint },
    checks: ["pkce", "state", "nonce"],
    client: {
      token_endpoint_auth_method: settings.tokenAuth,
      // Its types want one; it takes several, and would allow RS256 alone.
      id_token_signed_response_alg: settings.algorithms as unknown as string,
    },
    profile: ({ sub }) => ({ id: sub as string }),
    [customFetch]: (url, init) => askForTokens(String(url), init, onTokens),
  };
}

function scopeOf({ scopes }: OidcSettings): string {
  return [...new Set(["openid", ...scopes])].join(" ");
}

/** Auth.js fetches tokens and nothing else. They are verified before it sees them. */
async function askForTokens(
  url: string,
  { headers, body }: RequestInit = {},
  onTokens: (answer: Response) => Promise<unknown>,
): Promise<Response> {
  const answer = await safeFetch(url, { method: "POST", headers, body: String(body) }).catch((error) => {
    throw unavailable("token_endpoint", error);
  });
  await onTokens(answer.clone());
  return answer;
}
