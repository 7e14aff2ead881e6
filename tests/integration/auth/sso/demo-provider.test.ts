import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { connectionConfigurations } from "#db/schema/connections.ts";
import { withTenant } from "#db/tenant.ts";
import { findServing, secretOf } from "#lib/auth/sso/configuration.ts";
import { connectDemoProvider } from "#lib/boot/demo/connect-demo-provider.ts";
import { openDemoProviders } from "#lib/boot/demo-providers.mjs";
import { aTenant } from "#tests/support/tenants.ts";

const at = (port: number) => ({
  issuer: `http://127.0.0.1:${port}/oidc`,
  clientSecret: "a secret of the demo",
});

test("the demo's connection is made once, and led to the port of each start (DEC18)", async () => {
  const tenant = await aTenant();
  const id = await connectDemoProvider(tenant.id, at(4001));
  expect(await connectDemoProvider(tenant.id, at(4001))).toBe(id);
  expect(await connectDemoProvider(tenant.id, at(4002))).toBe(id);
  const [serving, all] = await withTenant(tenant.id, async (db) => [
    await findServing(db, id),
    await db.select().from(connectionConfigurations).where(eq(connectionConfigurations.connectionId, id)),
  ]);
  expect(all.map(({ role }) => role).sort()).toEqual(["past", "serving"]);
  expect(serving?.configuration.settings).toMatchObject({ issuer: at(4002).issuer, issInAnswers: true });
  expect(serving && secretOf(serving.configuration)).toBe(at(4002).clientSecret);
});

test("there are no demo providers without the demo's data, nor on a real address (DEC18)", async () => {
  const settings = {
    mode: "production" as const,
    host: "127.0.0.1",
    port: 3000,
    processes: 1,
    hasInbox: true,
  };
  const localhost = new URL("http://portal.localhost:3000");
  expect(await openDemoProviders({ ...settings, isDemo: false, portalUrl: localhost })).toBeUndefined();
  const real = new URL("https://portal.example.com");
  expect(await openDemoProviders({ ...settings, isDemo: true, portalUrl: real })).toBeUndefined();
});
