import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase, SESSION_LIMITS } from "#db/client.ts";
import { members } from "#db/schema/members.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { keepSessionLimits } from "#lib/boot/keep-session-limits.ts";
import type { Tenant } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError } from "#lib/core/errors.ts";
import { runtimeUrl } from "#tests/support/database.ts";
import { type Pooler, startPooler } from "#tests/support/pooler.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const program = process.env.PGBOUNCER ?? "";

describe.skipIf(!program)("behind PgBouncer in transaction mode (DEC1; Debian's pgbouncer):", () => {
  let pooler: Pooler;

  beforeAll(async () => {
    await keepSessionLimits(runtimeUrl());
    // Few, so that requests share them.
    pooler = await startPooler(program, [runtimeUrl()], {
      "default_pool_size = 30": "default_pool_size = 2",
      "reserve_pool_size = 10": "reserve_pool_size = 0",
      "query_wait_timeout = 5": "query_wait_timeout = 1",
    });
    await closeDatabase();
    changeSettings({ DATABASE_APP_URL: pooler.through(runtimeUrl()), DATABASE_PREPARE: "off" });
  });

  afterEach(closeDatabase);

  afterAll(async () => {
    changeSettings({ DATABASE_APP_URL: runtimeUrl(), DATABASE_PREPARE: undefined });
    await pooler.stop();
  });

  const namesIn = (db: TenantDb) => db.select({ name: members.name }).from(members);

  test("firms stay apart on connections that they share", async () => {
    const firms = await Promise.all(["Ada", "Ravi", "Tom"].map(aFirmOf));
    const looks = Array.from({ length: 60 }, (_, index) => firms[index % firms.length] as (typeof firms)[0]);
    const seen = await Promise.all(looks.map(({ tenant }) => withTenant(tenant.id, namesIn)));
    expect(seen).toEqual(looks.map(({ name }) => [{ name }]));
  });

  test("nothing that is true for a transaction is left to whoever comes next on its connection", async () => {
    const { tenant } = await aFirmOf("Ada");
    const pids = await Promise.all([1, 2].map(() => withTenant(tenant.id, (db) => pidOf(db))));
    const stranger = postgres(pooler.through(runtimeUrl()), { max: 1, prepare: false });
    const [left] = await stranger`
      select pg_backend_pid() as pid, current_setting('app.tenant_id', true) as firm,
             (select count(*)::int from members) as members`;
    await stranger.end();
    expect(pids).toContain(left?.pid);
    expect(left).toMatchObject({ firm: "", members: 0 });
  });

  test("the limits of a session hold, which PgBouncer passes nothing on of (REL7)", async () => {
    const { tenant } = await aFirmOf("Ada");
    const limits = await withTenant(tenant.id, (db) =>
      db.execute<{ name: string; setting: string }>(sql`
        select name, setting from pg_settings where name in ${Object.keys(SESSION_LIMITS)}`),
    );
    const asKept = Object.fromEntries(limits.map(({ name, setting }) => [name, Number(setting)]));
    expect(asKept).toEqual(SESSION_LIMITS);
  });

  test("whoever gets no connection in time is told to try again, and the next one gets one (REL7)", async () => {
    const { tenant } = await aFirmOf("Ada");
    // Each of three has asked its new connection for the types of arrays, which nobody could catch the failure of.
    await Promise.all([1, 2, 3].map(() => withTenant(tenant.id, namesIn)));
    const { promise: enough, resolve: release } = Promise.withResolvers<void>();
    const holders: Promise<void>[] = [];
    for (const _ of [1, 2]) {
      const { promise: held, resolve: hold } = Promise.withResolvers<void>();
      const holding = () => {
        hold();
        return enough;
      };
      holders.push(withTenant(tenant.id, holding));
      await held;
    }
    const refused = await withTenant(tenant.id, namesIn).catch(asOverloadWhenDatabaseIsAway);
    release();
    await Promise.all(holders);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ code: "overloaded" });
    expect(await withTenant(tenant.id, namesIn)).toEqual([{ name: "Ada" }]);
  });
});

async function aFirmOf(name: string): Promise<{ tenant: Tenant; name: string }> {
  const tenant = await aTenant();
  await aMember(tenant, { name });
  return { tenant, name };
}

async function pidOf(db: TenantDb): Promise<unknown> {
  const [row] = await db.execute(sql`select pg_backend_pid() as pid`);
  return row?.pid;
}
