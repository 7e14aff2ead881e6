import { eq, sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { securityGroups } from "#db/schema/groups.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { countingRoundTrips } from "#tests/support/round-trips.ts";
import { aTenant } from "#tests/support/tenants.ts";

const groupNamed = (name: string) => (db: TenantDb) =>
  db.select({ id: securityGroups.id }).from(securityGroups).where(eq(securityGroups.name, name));

test("a transaction of a firm begins in one round trip, and each prepared statement and its end take one more (PERF11)", async () => {
  const tenant = await aTenant();
  await countingRoundTrips(async (roundTripsOf) => {
    const nothing = () => withTenant(tenant.id, async () => undefined);
    const something = () => withTenant(tenant.id, groupNamed("Somebody"));
    await something();
    expect(await roundTripsOf(nothing)).toBe(2);
    expect(await roundTripsOf(something)).toBe(3);
  });
});

test("nested transactions of a firm are undone by themselves, and use what was prepared (PERF11)", async () => {
  const tenant = await aTenant();
  const failing = async (db: TenantDb) => {
    const undone = new Error("undone");
    await db
      .transaction(async (savepoint) => {
        await savepoint.execute(sql`select set_config('app.told', 'inside', true)`);
        throw undone;
      })
      .catch((error) => expect(error).toBe(undone));
    const [row] = await db.execute(sql`select current_setting('app.told', true) as told, ${1}::int as one`);
    return row;
  };
  await withTenant(tenant.id, failing);
  expect(await withTenant(tenant.id, failing)).toEqual({ told: "", one: 1 });
});

test("a failed beginning gives its connection back, and the next transaction its firm's rows (REL7)", async () => {
  const tenant = await aTenant();
  const asked = () => withTenant(tenant.id, async (db) => (await db.select().from(securityGroups)).length);
  const rows = await asked();
  for (let times = 0; times < 12; times++) {
    await expect(withTenant("\0" as typeof tenant.id, async () => "begun")).rejects.toMatchObject({
      code: "22021",
    });
  }
  expect(await asked()).toBe(rows);
});

test("the pages' bundle begins its transactions on the pool that boot's bundle has opened", async () => {
  const tenant = await aTenant();
  const asked = (db: TenantDb) => groupNamed("Somebody")(db);
  await withTenant(tenant.id, asked);
  vi.resetModules();
  const otherInstance = await import("#db/tenant.ts");
  expect(otherInstance.withTenant).not.toBe(withTenant);
  expect(await otherInstance.withTenant(tenant.id, asked)).toEqual([]);
});
