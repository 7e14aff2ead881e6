import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import {
  connectionConfigurations,
  connectionDomains,
  connectionGroupRules,
  connections,
} from "#db/schema/connections.ts";
import { withTenant } from "#db/tenant.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import type { OidcSettings } from "#lib/auth/sso/configuration.ts";
import { federateMember } from "#lib/auth/sso/federate-member.ts";
import { beginFlow } from "#lib/auth/sso/flows.ts";
import type { UpstreamIdentity } from "#lib/auth/sso/upstream-identity.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { visitorOf } from "./contexts.ts";

type Wanted = Partial<typeof connections.$inferInsert>;

export type LiveConnection = { id: string; configurationId: string; tenant: Tenant };

const SETTINGS: OidcSettings = {
  kind: "oidc",
  issuer: "https://provider.example",
  clientId: "portal",
  tokenAuth: "client_secret_basic",
  scopes: ["openid"],
  authorizationEndpoint: "https://provider.example/authorize",
  tokenEndpoint: "https://provider.example/token",
  jwksUri: "https://provider.example/keys",
  issInAnswers: false,
  algorithms: ["RS256"],
  claims: { email: "email", name: "name", username: "", groups: "groups" },
};

/** A connection that signs people in, whose provider nobody asks: what it says is given by the test. */
export async function aLiveConnection(tenant: Tenant, wanted: Wanted = {}): Promise<LiveConnection> {
  return withTenant(tenant.id, async (db, now) => {
    const values = {
      kind: "oidc" as const,
      name: `Provider ${randomUUID()}`,
      state: "live" as const,
      ...wanted,
    };
    const [connection] = await db.insert(connections).values(values).returning();
    const id = connection?.id ?? "";
    const [configuration] = await db
      .insert(connectionConfigurations)
      .values({ connectionId: id, settings: SETTINGS, role: "serving", servingSince: now })
      .returning();
    return { id, configurationId: configuration?.id ?? "", tenant };
  });
}

export async function withDomain(
  { id, tenant }: LiveConnection,
  domain: string,
  proven = true,
): Promise<void> {
  await withTenant(tenant.id, (db, now) =>
    db
      .insert(connectionDomains)
      .values({ connectionId: id, domain, challenge: "c", provenAt: proven ? now : null }),
  );
}

/** The connection's rules, in this order: the provider's group, the security group, and whether it may be above the ceiling. */
export async function withRules(
  { id, tenant }: LiveConnection,
  ...rules: [groupValue: string, securityGroupId: string, allowsAdministrator?: boolean][]
): Promise<void> {
  await withTenant(tenant.id, (db) =>
    db.insert(connectionGroupRules).values(
      rules.map(([groupValue, securityGroupId, allowsAdministrator = false], position) => ({
        ...{ connectionId: id, position, groupValue, securityGroupId, allowsAdministrator },
      })),
    ),
  );
}

type Claims = Partial<UpstreamIdentity["claims"]>;

export type Said = { subject?: string; claims?: Claims; strong?: boolean; providerSession?: string };

/** Whom the provider vouches for. */
export function identityAt({ id, configurationId }: LiveConnection, said: Said = {}): UpstreamIdentity {
  const { subject = "upstream-1", claims = {}, strong = false, providerSession } = said;
  return {
    connectionId: id,
    configurationId,
    subject,
    claims: { groups: [], ...claims },
    strong,
    providerSession,
  };
}

/** Somebody leaves for the provider in a browser, and comes back with this. */
export async function arrive(connection: LiveConnection, said: Said = {}, ctx?: Context) {
  const { token } = await leaveFor(connection);
  return completeSsoSignIn(ctx ?? visitorOf(connection.tenant), {
    identity: identityAt(connection, said),
    flowToken: token,
  });
}

export function leaveFor(
  { id: connectionId, configurationId, tenant }: LiveConnection,
  next = "/workspaces",
) {
  return withTenant(tenant.id, (db, now) =>
    beginFlow(db, now, { connectionId, configurationId, purpose: "sign_in", next }),
  );
}

/** Makes a member the subject "ada", or another, of this connection, as linking does. */
export async function federate(tenant: Tenant, member: Member, { id }: LiveConnection, subject = "ada") {
  await withTenant(tenant.id, async (db, now) => {
    const [connection] = await db.select().from(connections).where(eq(connections.id, id));
    if (!connection) throw new Error("There is no such connection.");
    await federateMember(db, { ...visitorOf(tenant), now }, member, {
      connection,
      subject,
      by: "own_sign_in",
    });
  });
}
