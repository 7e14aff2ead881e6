import type { ClaimNames, Connection } from "../configuration.ts";
import type { PROVIDERS } from "./input.ts";

type Provider = (typeof PROVIDERS)[number];

const MOSTLY: ClaimNames = { email: "email", name: "name", username: "", groups: "groups" };

const XML_SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const MICROSOFT = "http://schemas.microsoft.com/ws/2008/06/identity/claims";

const USUAL: Record<Connection["kind"], Partial<Record<Provider, Partial<ClaimNames>>>> = {
  oidc: { google: { groups: "" } },
  saml: {
    entra: {
      email: `${XML_SOAP}/emailaddress`,
      name: "http://schemas.microsoft.com/identity/claims/displayname",
      groups: `${MICROSOFT}/groups`,
    },
    adfs: { email: `${XML_SOAP}/emailaddress`, name: `${XML_SOAP}/name`, groups: `${MICROSOFT}/role` },
  },
};

/** What a provider calls things unless somebody has changed it there. */
export function usualClaims({ kind, provider }: Pick<Connection, "kind" | "provider">): ClaimNames {
  return { ...MOSTLY, ...USUAL[kind][provider as Provider] };
}

/** With what an OIDC provider is asked for them. */
export function usualScopes({ provider }: Pick<Connection, "provider">): string {
  return provider === "okta" ? "openid profile email groups" : "openid profile email";
}
