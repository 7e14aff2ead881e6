import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { restoreAllowance, takeAllowances } from "#lib/core/rate-limit.ts";
import { clock } from "#tests/support/clock.ts";
import { aTenant } from "#tests/support/tenants.ts";

const limit = (key: string, burst = 5, everySeconds = 10) => ({ key, burst, everySeconds });

const take = (tenant: Tenant, ...limits: ReturnType<typeof limit>[]) =>
  withTenant(tenant.id, (db) => takeAllowances(db, limits));

const countTaken = async (tries: Promise<boolean>[]) => (await Promise.all(tries)).filter(Boolean).length;

describe("an allowance (SEC13)", () => {
  test("is used up by its burst, however parallel", async () => {
    const tenant = await aTenant();
    await clock.stop();
    expect(await countTaken(Array.from({ length: 40 }, () => take(tenant, limit("a"))))).toBe(5);
  });

  test("comes back one by one, to the millisecond, and never beyond its burst", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 5; time += 1) expect(await take(tenant, limit("a"))).toBe(true);
    await clock.travel(10 * SECOND - 1);
    expect(await take(tenant, limit("a"))).toBe(false);
    await clock.travel(1);
    expect(await take(tenant, limit("a"))).toBe(true);
    expect(await take(tenant, limit("a"))).toBe(false);
    await clock.travel(3600 * SECOND);
    expect(await countTaken(Array.from({ length: 10 }, () => take(tenant, limit("a"))))).toBe(5);
  });

  test("is not used up further by what it refuses", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 50; time += 1) await take(tenant, limit("a"));
    await clock.travel(10 * SECOND);
    expect(await take(tenant, limit("a"))).toBe(true);
  });

  test("of one key is none of another's, and of one firm none of another's (SEC59)", async () => {
    const [one, other] = [await aTenant(), await aTenant()];
    for (let time = 0; time < 6; time += 1) await take(one, limit("a"));
    expect(await take(one, limit("a"))).toBe(false);
    expect(await take(one, limit("b"))).toBe(true);
    expect(await take(other, limit("a"))).toBe(true);
  });

  test("is whole again when it is restored", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 5; time += 1) await take(tenant, limit("a"));
    await withTenant(tenant.id, (db) => restoreAllowance(db, "a"));
    expect(await countTaken(Array.from({ length: 10 }, () => take(tenant, limit("a"))))).toBe(5);
  });

  test("of several the least decides", async () => {
    const tenant = await aTenant();
    await clock.stop();
    const tries = Array.from({ length: 20 }, () => take(tenant, limit("wide", 15), limit("narrow", 3)));
    expect(await countTaken(tries)).toBe(3);
  });

  test("is not touched by whom a narrower one before it refuses", async () => {
    const tenant = await aTenant();
    const [narrow, wide] = [limit("narrow", 1), limit("wide", 3)];
    expect(await countTaken([take(tenant, narrow, wide)])).toBe(1);
    for (let turn = 0; turn < 10; turn++) expect(await take(tenant, narrow, wide)).toBe(false);

    expect(await take(tenant, wide)).toBe(true);
    expect(await take(tenant, wide)).toBe(true);
    expect(await take(tenant, wide)).toBe(false);
  });

  test("is taken by many at once without two requests locking each other out", async () => {
    const tenant = await aTenant();
    const tries = Array.from({ length: 40 }, () => take(tenant, limit("a", 1000), limit("b", 1000)));
    expect(await countTaken(tries)).toBe(40);
  });
});
