import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import {
  connectionConfigurations,
  connectionDomains,
  connectionGroupRules,
  connections,
} from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { DEMO_CLIENT_ID, DEMO_DOMAIN, DEMO_GROUP_RULES } from "#db/seeds/demo-provider.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { OidcSettings, sealSecret } from "#lib/auth/sso/configuration.ts";

const NAME = "Initech single sign-on";

/** Where the demo provider is at this start, and by what it knows the portal. */
export type DemoIssuer = { issuer: string; clientSecret: string };

/**
 * Lets a firm's people sign in through the built-in provider of OpenID Connect: made at the first call, led to where the
 * provider is now by each other. The provider is not asked, which does not run yet.
 */
export function connectDemoProvider(
  tenantId: TenantId,
  demo: DemoIssuer,
  domain = DEMO_DOMAIN,
): Promise<string> {
  return withTenant(tenantId, async (db, now) => {
    const found = await findConnection(db);
    const id = found ?? (await makeConnection(db, domain));
    await db
      .update(connectionDomains)
      .set({ provenAt: now, checkedAt: now, missingSince: null })
      .where(and(eq(connectionDomains.connectionId, id), eq(connectionDomains.domain, domain)));
    await configure(db, now, { tenantId, connectionId: id, demo });
    return id;
  });
}

async function findConnection(db: TenantDb): Promise<string | undefined> {
  const [found] = await db.select({ id: connections.id }).from(connections).where(eq(connections.name, NAME));
  return found?.id;
}

async function makeConnection(db: TenantDb, domain: string): Promise<string> {
  const [made] = await db
    .insert(connections)
    .values({ kind: "oidc", name: NAME, state: "live", firstSignIn: "create" })
    .returning({ id: connections.id });
  if (!made) throw new Error("The demo connection was not made.");
  const { id: connectionId } = made;
  const challenge = "the demo's own";
  await db.insert(connectionDomains).values({ connectionId, domain, challenge });
  await giveDemoRules(db, connectionId);
  return connectionId;
}

/** Which of the provider's groups gives which of the firm's. */
export async function giveDemoRules(db: TenantDb, connectionId: string): Promise<void> {
  const groups = await db.select().from(securityGroups);
  await db.insert(connectionGroupRules).values(
    DEMO_GROUP_RULES.map(({ groupValue, preset }, position) => ({
      ...{ connectionId, position, groupValue },
      securityGroupId: groups.find((group) => group.preset === preset)?.id ?? "",
      allowsAdministrator: preset === "administrator",
    })),
  );
}

type Place = { tenantId: TenantId; connectionId: string; demo: DemoIssuer };

/** What serves is never changed: another port is another configuration, and the one before it is over. */
async function configure(db: TenantDb, now: Date, { tenantId, connectionId, demo }: Place): Promise<void> {
  const settings = settingsOf(demo);
  const isServing = and(
    eq(connectionConfigurations.connectionId, connectionId),
    eq(connectionConfigurations.role, "serving"),
  );
  const [serving] = await db.select().from(connectionConfigurations).where(isServing);
  if (serving && (serving.settings as { issuer?: string }).issuer === settings.issuer) return;
  await db.update(connectionConfigurations).set({ role: "past" }).where(isServing);
  const id = randomUUID();
  await db.insert(connectionConfigurations).values({
    ...{ id, connectionId, settings, role: "serving" as const, servingSince: now, testedAt: now },
    ...sealSecret({ tenantId, id }, demo.clientSecret),
  });
}

/** As the provider describes itself. */
function settingsOf({ issuer }: DemoIssuer): OidcSettings {
  return OidcSettings.parse({
    ...{ kind: "oidc", issuer, clientId: DEMO_CLIENT_ID, issInAnswers: true },
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    jwksUri: `${issuer}/jwks`,
    userinfoEndpoint: `${issuer}/me`,
    endSessionEndpoint: `${issuer}/session/end`,
    claims: { email: "email", name: "name", username: "preferred_username", groups: "groups" },
  });
}
