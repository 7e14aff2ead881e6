import * as z from "zod";

/** What a provider says of somebody, by the names that the connection gives. Attributes only: nobody is found by them (SEC66). */
export const UpstreamClaims = z.object({
  email: z.string().max(320).optional(),
  /** OIDC `email_verified`; undefined where the provider says nothing of the kind, as none does by SAML. */
  emailVerified: z.boolean().optional(),
  /** The directory's own id of the person, where the provider says one that nobody can choose (Entra ID: `oid`). */
  directoryId: z.string().max(200).optional(),
  name: z.string().max(200).optional(),
  username: z.string().max(320).optional(),
  groups: z.array(z.string().max(500)).max(1000).default([]),
});

/** Somebody whom a provider has vouched for, once signature, issuer, audience, times and binding have been checked. */
export const UpstreamIdentity = z.object({
  connectionId: z.uuid(),
  configurationId: z.uuid(),
  /** `sub`, or the NameID: opaque, compared byte for byte. */
  subject: z.string().min(1).max(1024),
  claims: UpstreamClaims,
  /** The provider says that it has asked for a second factor (`amr`, AuthnContextClassRef). */
  strong: z.boolean().default(false),
  /** OIDC `sid`, SAML SessionIndex: what its logout will name. */
  providerSession: z.string().max(1024).optional(),
  /** SAML: format and qualifiers of the NameID, for a logout request. */
  nameId: z.record(z.string(), z.string()).optional(),
});

export type UpstreamClaims = z.output<typeof UpstreamClaims>;
export type UpstreamIdentity = z.output<typeof UpstreamIdentity>;
