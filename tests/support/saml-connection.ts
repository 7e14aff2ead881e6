import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import {
  type Configuration,
  type Configured,
  findConfiguration,
  SamlSettings,
  sealSecret,
} from "#lib/auth/sso/configuration.ts";
import { beginFlow, type Flow } from "#lib/auth/sso/flows.ts";
import { newMessageId } from "#lib/auth/sso/saml/own-messages.ts";
import { relayStateOf } from "#lib/auth/sso/saml/relay-state.ts";
import { serviceProvider } from "#lib/auth/sso/saml/service-provider.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { type SamlProvider, type SamlScene, samlKey } from "./saml-provider.ts";
import { groupOf } from "./tenants.ts";

type Changes = {
  connection?: Partial<typeof connections.$inferInsert>;
  settings?: Partial<SamlSettings>;
};

/** A live SAML connection of a firm to this provider. Whoever is new gets an account as a regular user. */
export async function aSamlConnection(
  tenant: Tenant,
  provider: SamlProvider,
  changes: Changes = {},
): Promise<Configured> {
  const defaultGroupId = await groupOf(tenant, "regular");
  const connection = await withTenant(tenant.id, async (db) => {
    const [row] = await db
      .insert(connections)
      .values({
        ...{ kind: "saml", name: `Connection ${randomUUID()}`, state: "live" },
        ...{ firstSignIn: "create", defaultGroupId },
        ...changes.connection,
      })
      .returning();
    return row;
  });
  if (!connection) throw new Error("The connection was not made.");
  return aSamlConfiguration(tenant, connection.id, provider, { role: "serving", settings: changes.settings });
}

type Wanted = {
  role: Configuration["role"];
  servesUntil?: Date;
  settings?: Partial<SamlSettings>;
};

/** One more configuration of a connection. */
export async function aSamlConfiguration(
  tenant: Tenant,
  connectionId: string,
  provider: SamlProvider,
  { role, servesUntil, settings = {} }: Wanted,
): Promise<Configured> {
  const own = await samlKey("our own");
  const id = randomUUID();
  const parsed = SamlSettings.parse({
    kind: "saml",
    entityId: provider.entityId,
    ssoUrl: "https://idp.example/sso",
    certificates: [provider.certificate],
    ownCertificate: own.certificate,
    claims: {},
    ...settings,
  });
  return withTenant(tenant.id, async (db) => {
    const sealed = sealSecret({ tenantId: tenant.id, id }, own.key);
    await db
      .insert(connectionConfigurations)
      .values({ id, connectionId, role, servesUntil, settings: parsed, ...sealed });
    const configured = await findConfiguration(db, { connectionId, configurationId: id });
    if (!configured) throw new Error("The configuration was not made.");
    return configured;
  });
}

export type Visit = SamlScene & { token: string; relayState: string };

/** Somebody has left for the provider: what its answer has to name, and what the browser keeps. */
export async function leftFor(
  tenant: Tenant,
  { connection, configuration }: Configured,
  provider: SamlProvider,
  { purpose = "sign_in", next = "/workspaces" }: { purpose?: Flow["purpose"]; next?: string } = {},
): Promise<Visit> {
  const requestId = newMessageId();
  const { entityId: audience, acsUrl } = serviceProvider(tenant, connection.id);
  const begun = { connectionId: connection.id, configurationId: configuration.id, purpose, next, requestId };
  return withTenant(tenant.id, async (db, now) => {
    const { token } = await beginFlow(db, now, begun);
    return { provider, audience, acsUrl, requestId, now, token, relayState: relayStateOf(token) };
  });
}

/** Somebody whom this connection knows by this subject. */
export async function linkTo(
  tenant: Tenant,
  { connection }: Configured,
  member: Member,
  subject: string,
): Promise<void> {
  await withTenant(tenant.id, async (db) => {
    await db.update(members).set({ connectionId: connection.id }).where(eq(members.id, member.id));
    await db.insert(federatedIdentities).values({
      ...{ memberId: member.id, type: "saml", provider: connection.id, providerAccountId: subject },
    });
  });
}
