import { randomUUID } from "node:crypto";
import { generate } from "selfsigned";
import { connectionConfigurations } from "#db/schema/connections.ts";
import { withTenant } from "#db/tenant.ts";
import {
  type Configuration,
  type ConnectionSettings,
  SamlSettings,
  sealSecret,
} from "#lib/auth/sso/configuration.ts";
import { after } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { OIDC } from "./oidc-settings.ts";

type Wanted = {
  role?: Configuration["role"];
  settings?: ConnectionSettings;
  secret?: string;
  /** Whether a test sign-in has come through with it. */
  tested?: boolean;
  /** How long one that has stepped beside another may still serve. */
  servesFor?: number;
};

/** One of a connection's configurations, put there behind the product's back. Gives its id. */
export async function aConfiguration(
  tenant: Tenant,
  connectionId: string,
  wanted: Wanted = {},
): Promise<string> {
  const { role = "draft", settings = OIDC, secret = "the-secret", tested = false, servesFor } = wanted;
  const id = randomUUID();
  const sealed = sealSecret({ tenantId: tenant.id, id }, secret);
  await withTenant(tenant.id, (db, now) =>
    db.insert(connectionConfigurations).values({
      ...{ id, connectionId, role, settings, ...sealed },
      testedAt: tested ? now : null,
      servingSince: role === "draft" ? null : now,
      servesUntil: servesFor === undefined ? null : after(now, servesFor),
    }),
  );
  return id;
}

export async function configurationsIn(tenant: Tenant, connectionId: string) {
  const rows = await withTenant(tenant.id, (db) => db.select().from(connectionConfigurations));
  return rows.filter((row) => row.connectionId === connectionId);
}

/** The part that each configuration of a connection has, by its id. */
export async function rolesIn(tenant: Tenant, connectionId: string): Promise<Record<string, string>> {
  const rows = await configurationsIn(tenant, connectionId);
  return Object.fromEntries(rows.map(({ id, role }) => [id, role]));
}

/** A certificate that is good from one moment to another, as PEM. */
export async function aCertificate(from: Date, to: Date): Promise<string> {
  const { cert } = await generate([{ name: "commonName", value: "A Provider" }], {
    ...{ keySize: 2048, algorithm: "sha256", notBeforeDate: from, notAfterDate: to },
  });
  return cert;
}

export function samlWith(certificates: string[], ownCertificate: string): SamlSettings {
  const place = { entityId: "https://idp.example/saml", ssoUrl: "https://idp.example/sso" };
  return SamlSettings.parse({ kind: "saml", ...place, certificates, ownCertificate, claims: {} });
}

/** What a provider's administrator copies from it. */
export function metadataOf(certificate: string, entityId = "https://idp.example/saml"): string {
  const base64 = certificate.replaceAll(/-----[^-]+-----|\s/g, "");
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;
}
