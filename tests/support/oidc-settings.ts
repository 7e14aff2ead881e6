import { OidcSettings } from "#lib/auth/sso/configuration.ts";

/** What a connection with a provider may go by that nobody asks. */
export const OIDC = OidcSettings.parse({
  kind: "oidc",
  issuer: "https://idp.example",
  clientId: "portal",
  authorizationEndpoint: "https://idp.example/authorize",
  tokenEndpoint: "https://idp.example/token",
  jwksUri: "https://idp.example/keys",
  claims: {},
});
