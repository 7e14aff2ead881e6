import type { ConnectionSettings, OidcSettings, SamlSettings } from "../configuration.ts";
import type { DescribedConnection } from "./describe-connection.ts";
import { usualClaims, usualScopes } from "./usual-claims.ts";

/** A connection's draft, else what serves, as texts for its form; of a new one what is usual. The secret is not among it. */
export function draftInForm({ connection, draft, serving }: DescribedConnection, byHand: boolean) {
  const { id: connectionId, kind, provider } = connection;
  const settings = (draft ?? serving)?.settings;
  const { email, name, username, groups } = settings?.claims ?? usualClaims(connection);
  const texts: Record<string, string> = {
    scopes: usualScopes(connection),
    algorithms: "RS256",
    ...(settings && textsOf(settings)),
    ...{ emailClaim: email, nameClaim: name, usernameClaim: username, groupsClaim: groups },
  };
  return {
    ...{ connectionId, kind, provider, byHand, texts },
    hasSecret: settings !== undefined,
    requireEncryption: settings?.kind === "saml" && settings.requireEncryption,
  };
}

function textsOf(settings: ConnectionSettings): Record<string, string> {
  return settings.kind === "oidc" ? ofOidc(settings) : ofSaml(settings);
}

function ofOidc(settings: OidcSettings): Record<string, string> {
  const { issuer, clientId, tokenAuth, authorizationEndpoint, tokenEndpoint, jwksUri } = settings;
  return {
    ...{ issuer, clientId, tokenAuth, authorizationEndpoint, tokenEndpoint, jwksUri },
    userinfoEndpoint: settings.userinfoEndpoint ?? "",
    endSessionEndpoint: settings.endSessionEndpoint ?? "",
    scopes: settings.scopes.join(" "),
    algorithms: settings.algorithms.join(" "),
  };
}

function ofSaml(settings: SamlSettings): Record<string, string> {
  const { entityId, ssoUrl, ssoBinding, nameIdFormat, sloUrl = "", certificates } = settings;
  return { entityId, ssoUrl, ssoBinding, nameIdFormat, sloUrl, certificates: certificates.join("\n") };
}
