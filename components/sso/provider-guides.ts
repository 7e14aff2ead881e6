import type { PROVIDERS } from "#lib/auth/sso/connections/input.ts";

export type Provider = (typeof PROVIDERS)[number];
export type Kind = "oidc" | "saml";

export const PROVIDER_NAMES: Record<Provider, string> = {
  entra: "Microsoft Entra ID",
  okta: "Okta",
  google: "Google Workspace",
  keycloak: "Keycloak",
  adfs: "AD FS",
  any: "Another provider",
};

export const KIND_NAMES: Record<Kind, string> = { oidc: "OpenID Connect", saml: "SAML 2.0" };

/** What is done at the provider, a step each, in its own words. The values are shown below the steps. */
type Guide = { steps: string[]; issuer?: string };

const GUIDES: Record<Provider, Record<Kind, Guide>> = {
  entra: {
    oidc: {
      steps: [
        "In the Entra admin center, open “App registrations” and choose “New registration”. As redirect URI, choose “Web” and paste the redirect URI below.",
        "On “Certificates & secrets”, make a new client secret and keep its value: it is shown once.",
        "On “Token configuration”, add the optional claim “email”, and a groups claim with “Security groups”.",
        "The application (client) ID and the directory (tenant) ID are on its “Overview”.",
      ],
      issuer: "https://login.microsoftonline.com/<directory (tenant) ID>/v2.0",
    },
    saml: {
      steps: [
        "In the Entra admin center, open “Enterprise applications”, choose “New application”, then “Create your own application” that is not in the gallery.",
        "On “Single sign-on”, choose SAML. In “Basic SAML Configuration”, paste the values below.",
        "In “Attributes & Claims”, add a group claim with “Security groups”.",
        "In “SAML Certificates”, download the “Federation Metadata XML”.",
      ],
    },
  },
  okta: {
    oidc: {
      steps: [
        "In the Okta admin console, open “Applications”, choose “Create App Integration”, then “OIDC” and “Web Application”.",
        "Paste the sign-in and sign-out redirect URIs below, and assign the people who shall sign in.",
        "On “Sign On”, let the groups claim be a filter on “groups” that matches those you want.",
        "The client ID and secret are on “General”.",
      ],
      issuer: "https://<your domain>.okta.com",
    },
    saml: {
      steps: [
        "In the Okta admin console, open “Applications”, choose “Create App Integration”, then “SAML 2.0”.",
        "Paste the values below. As name ID format, choose “Persistent”.",
        "Add the attribute statements “email” and “name”, and a group attribute statement “groups”.",
        "On “Sign On”, open the metadata URL and copy what it shows.",
      ],
    },
  },
  google: {
    oidc: {
      steps: [
        "In the Google Cloud console, open “APIs & Services”, then “Credentials”, and create an OAuth client ID of the type “Web application”.",
        "Paste the redirect URI below. On the consent screen, choose “Internal”.",
        "The client ID and secret are shown when it is made. Google sends no groups.",
      ],
      issuer: "https://accounts.google.com",
    },
    saml: {
      steps: [
        "In the Google admin console, open “Apps”, then “Web and mobile apps”, and add a custom SAML app.",
        "Download the metadata, then paste the values below. As name ID format, choose “PERSISTENT”.",
        "Map “Primary email” to “email”, and the groups that matter to “groups”.",
        "Switch the app on for the people who shall sign in.",
      ],
    },
  },
  keycloak: {
    oidc: {
      steps: [
        "In the admin console of your realm, open “Clients” and create an OpenID Connect client. Switch “Client authentication” on.",
        "Paste the redirect URI below as valid redirect URI, and the back-channel logout URL under “Logout settings”.",
        "In the client’s dedicated scope, add a mapper “Group Membership” with the claim name “groups”.",
        "The secret is on “Credentials”.",
      ],
      issuer: "https://<your server>/realms/<your realm>",
    },
    saml: {
      steps: [
        "In the admin console of your realm, open “Clients” and create a SAML client whose client ID is the entity ID below.",
        "Paste the assertion consumer service URL as valid redirect URI and as “Master SAML Processing URL”. Let assertions be signed.",
        "In the client’s dedicated scope, add mappers for “email”, “name” and “groups”.",
        "In “Realm settings”, open “SAML 2.0 Identity Provider Metadata” and copy what it shows.",
      ],
    },
  },
  adfs: {
    oidc: {
      steps: [
        "In AD FS Management, add an application group “Server application accessing a web API”.",
        "Paste the redirect URI below, and generate a shared secret.",
        "Let the web API’s issuance rules send “email”, “name” and “groups”, and allow the scopes “openid”, “email” and “profile”.",
      ],
      issuer: "https://<your server>/adfs",
    },
    saml: {
      steps: [
        "In AD FS Management, add a claims-aware relying party trust, and let it read the metadata at the entity ID below, or enter the values.",
        "In its claim issuance policy, send the e-mail address, the name, a role for each group, and a persistent name ID.",
        "Copy the provider’s part of https://<your server>/FederationMetadata/2007-06/FederationMetadata.xml.",
      ],
    },
  },
  any: {
    oidc: {
      steps: [
        "Register the portal as a confidential web client with the authorization code flow, PKCE and the redirect URI below.",
        "Let it have the scopes “openid”, “profile” and “email”, and a claim with the person’s groups.",
        "Copy the issuer, the client ID and the client secret.",
      ],
    },
    saml: {
      steps: [
        "Register the portal as a service provider with the values below, or by its metadata, which is at the entity ID.",
        "Let it get a persistent name ID, and attributes for e-mail, name and groups. Let assertions be signed.",
        "Copy the provider’s metadata.",
      ],
    },
  },
};

export function guideOf(provider: string, kind: Kind): Guide {
  return (GUIDES[provider as Provider] ?? GUIDES.any)[kind];
}

/** Where the guide is followed. */
export function atProvider(provider: string): string {
  return provider === "any" ? "at your provider" : `at ${providerName(provider)}`;
}

export function providerName(provider: string): string {
  return PROVIDER_NAMES[provider as Provider] ?? PROVIDER_NAMES.any;
}
