import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { SamlSettings, sealSecret } from "#lib/auth/sso/configuration.ts";
import { makeOwnKey } from "#lib/auth/sso/saml/own-key.ts";
import { readMetadata } from "#lib/auth/sso/saml/read-metadata.ts";
import { giveDemoRules } from "./connect-demo-provider.ts";
import { demoMetadata } from "./saml-messages.ts";
import type { DemoSaml } from "./saml-provider.ts";

const NAME = "Initech by SAML";

/** The same for the built-in provider of SAML: a second connection of the firm, whose people are others. */
export function connectDemoSaml(tenantId: TenantId, demo: DemoSaml): Promise<string> {
  return withTenant(tenantId, async (db, now) => {
    const [found] = await db
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.name, NAME));
    const id = found?.id ?? (await makeConnection(db));
    await configure(db, now, { tenantId, connectionId: id, demo });
    return id;
  });
}

async function makeConnection(db: TenantDb): Promise<string> {
  const [made] = await db
    .insert(connections)
    .values({ kind: "saml", name: NAME, state: "live", firstSignIn: "create" })
    .returning({ id: connections.id });
  if (!made) throw new Error("The demo connection was not made.");
  await giveDemoRules(db, made.id);
  return made.id;
}

type Place = { tenantId: TenantId; connectionId: string; demo: DemoSaml };

/** As of the other one: another port is another configuration. */
async function configure(db: TenantDb, now: Date, { tenantId, connectionId, demo }: Place): Promise<void> {
  const provider = readMetadata(demoMetadata(demo), now);
  const isServing = and(
    eq(connectionConfigurations.connectionId, connectionId),
    eq(connectionConfigurations.role, "serving"),
  );
  const [serving] = await db.select().from(connectionConfigurations).where(isServing);
  if (serving && (serving.settings as { entityId?: string }).entityId === provider.entityId) return;
  await db.update(connectionConfigurations).set({ role: "past" }).where(isServing);
  const id = randomUUID();
  const own = await makeOwnKey(now, "Initech");
  const ours = { kind: "saml", ownCertificate: own.certificate, claims: {} };
  await db.insert(connectionConfigurations).values({
    ...{ id, connectionId, role: "serving" as const, servingSince: now, testedAt: now },
    settings: SamlSettings.parse({ ...provider, ...ours }),
    ...sealSecret({ tenantId, id }, own.privateKey),
  });
}
