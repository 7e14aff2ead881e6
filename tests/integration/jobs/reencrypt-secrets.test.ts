import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { judgeFactorCode } from "#lib/auth/mfa/judge-factor-code.ts";
import { newestSealId, resealSecrets } from "#lib/auth/reseal-secrets.ts";
import { sealSecret, secretOf } from "#lib/auth/sso/configuration.ts";
import { describeSeals, idOfKey } from "#lib/boot/describe-seals.mjs";
import type { Tenant } from "#lib/core/context.ts";
import { reencryptSecrets } from "#lib/jobs/reencrypt-secrets.ts";
import type { Member } from "#lib/members/find-member.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner, ownerUrl } from "#tests/support/database.ts";
import { withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { logged } from "#tests/support/kept-log.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { changeSettings, SETTINGS } from "#tests/support/settings.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const OLD = SETTINGS.PORTAL_KEYS;
const NEW = "a-newer-key-that-only-the-tests-know";

const use = (...keys: string[]) => changeSettings({ PORTAL_KEYS: keys.join(",") });

afterEach(async () => {
  use(OLD);
  // The job is about all firms of the database.
  await owner()`delete from totp_factors`;
  await owner()`delete from recovery_codes`;
  await owner()`delete from connections`;
});

/** Somebody with an app and ten recovery codes, sealed by the old key; the new one has come since. */
async function someoneFromBefore(tenant?: Tenant) {
  use(OLD);
  const firm = tenant ?? (await aTenant());
  const member = await aMember(firm);
  const nextCode = await withTotp(firm, member);
  const codes = await withRecoveryCodes(firm, member);
  use(NEW, OLD);
  return { tenant: firm, member, nextCode, codes };
}

type Someone = Awaited<ReturnType<typeof someoneFromBefore>>;

/** What comes of the next code of the app and of a recovery code. */
async function proofsOf({ tenant, member, nextCode, codes }: Someone) {
  const app = await judge(tenant, member, await nextCode());
  return [app, await judge(tenant, member, codes.pop() ?? "")];
}

function judge(tenant: Tenant, { id }: Member, code: string) {
  return withTenant(tenant.id, async (db, now) => {
    const { proof } = await judgeFactorCode(db, { ...visitorOf(tenant), now }, id, code.replaceAll("-", ""));
    return proof;
  });
}

const BOTH = ["totp", "recovery_code"];

/** The keys that have sealed something of a firm, as they stand beside it and in it. */
async function keysOf({ id }: Tenant): Promise<string[]> {
  const rows = await owner()`
    select key_id, sealed_secret as sealed from totp_factors where tenant_id = ${id}
     union all select key_id, sealed_hash from recovery_codes where tenant_id = ${id}`;
  return [...new Set(rows.flatMap(({ key_id, sealed }) => [key_id, sealed.split(":")[1]]))];
}

describe("after a new first key (SEC88, DEC4)", () => {
  test("everything can be used before the job has run", async () => {
    const someone = await someoneFromBefore();
    expect(await proofsOf(someone)).toEqual(BOTH);
    expect(await keysOf(someone.tenant)).toEqual([idOfKey(OLD)]);
  });

  test("the job seals everything by it, in every firm, and the old key can go", async () => {
    const people = [await someoneFromBefore(), await someoneFromBefore()];
    expect(await reencryptSecrets()).toEqual({ resealed: 22, unreadable: 0, failed: 0 });
    use(NEW);
    for (const someone of people) {
      expect(await keysOf(someone.tenant)).toEqual([idOfKey(NEW)]);
      expect(await proofsOf(someone)).toEqual(BOTH);
    }
  });

  test("it changes nothing the second time", async () => {
    const { tenant } = await someoneFromBefore();
    await reencryptSecrets();
    const before = await contentsOf(tenant);
    expect(await reencryptSecrets()).toEqual({ resealed: 0, unreadable: 0, failed: 0 });
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("a run that dies loses one batch, and the next one goes on", async () => {
    const someone = await someoneFromBefore();
    const { tenant } = someone;
    for (let more = 0; more < 20; more += 1) await someoneFromBefore(tenant);
    const [last] = await owner()`
      select id from recovery_codes where member_id <> ${someone.member.id} order by id desc limit 1`;
    await owner().unsafe(`
      create function die() returns trigger language plpgsql as $$ begin raise 'died'; end $$;
      create trigger die before update on recovery_codes for each row when (new.id = '${last?.id}')
        execute function die()`);
    expect(await reencryptSecrets()).toEqual({ resealed: 0, unreadable: 0, failed: 1 });
    expect((await keysOf(tenant)).toSorted()).toEqual([idOfKey(OLD), idOfKey(NEW)].toSorted());
    expect(await proofsOf(someone)).toEqual(BOTH);
    await owner()`drop function die cascade`;
    expect(await reencryptSecrets()).toMatchObject({ resealed: 10, failed: 0 });
    use(NEW);
    expect(await keysOf(tenant)).toEqual([idOfKey(NEW)]);
    expect(await proofsOf(someone)).toEqual(BOTH);
  });

  test("several workers at once seal each row once", async () => {
    const someone = await someoneFromBefore();
    const runs = await Promise.all(Array.from({ length: 8 }, () => resealSecrets(someone.tenant.id)));
    expect(runs.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(11);
    use(NEW);
    expect(await proofsOf(someone)).toEqual(BOTH);
  });

  test("codes that are proven at the same moment are used up once, and stay used", async () => {
    const someone = await someoneFromBefore();
    const { tenant, member, nextCode, codes } = someone;
    const [appCode, code = ""] = [await nextCode(), codes.pop()];
    const [app, recovery] = await Promise.all([
      judge(tenant, member, appCode),
      judge(tenant, member, code),
      reencryptSecrets(),
    ]);
    expect([app, recovery]).toEqual(BOTH);
    await reencryptSecrets();
    use(NEW);
    expect(await judge(tenant, member, appCode)).toBeUndefined();
    expect(await judge(tenant, member, code)).toBeUndefined();
    expect(await proofsOf(someone)).toEqual(BOTH);
  });

  test("a row that is in use is neither waited for nor overwritten; the next run has it", async () => {
    const { tenant, member } = await someoneFromBefore();
    await owner().begin(async (verification) => {
      await verification`select 1 from totp_factors where member_id = ${member.id} for update`;
      expect(await reencryptSecrets()).toMatchObject({ resealed: 10 });
      await verification`update totp_factors set last_step = 42 where member_id = ${member.id}`;
    });
    expect(await reencryptSecrets()).toMatchObject({ resealed: 1 });
    const [app] = await owner()`select last_step, key_id from totp_factors where member_id = ${member.id}`;
    expect(app).toMatchObject({ last_step: "42", key_id: idOfKey(NEW) });
    expect(await keysOf(tenant)).toEqual([idOfKey(NEW)]);
  });

  test("a step back to the old first key seals everything by it again", async () => {
    const someone = await someoneFromBefore();
    await reencryptSecrets();
    use(OLD, NEW);
    await reencryptSecrets();
    use(OLD);
    expect(await keysOf(someone.tenant)).toEqual([idOfKey(OLD)]);
    expect(await proofsOf(someone)).toEqual(BOTH);
  });
});

describe("the secrets of connections (SEC72, SEC88)", () => {
  /** What a connection's configuration holds, sealed by the old key. */
  async function aSecret(secret: string) {
    use(OLD);
    const tenant = await aTenant();
    const id = await withTenant(tenant.id, async (db) => {
      const [{ id: connectionId } = { id: "" }] = await db
        .insert(connections)
        .values({ kind: "oidc", name: "Provider" })
        .returning();
      const made = randomUUID();
      await db.insert(connectionConfigurations).values({
        ...{ id: made, connectionId, settings: {} },
        ...sealSecret({ tenantId: tenant.id, id: made }, secret),
      });
      // One without a secret is nobody's concern.
      await db.insert(connectionConfigurations).values({ connectionId, settings: {}, role: "past" });
      return made;
    });
    use(NEW, OLD);
    return { tenant, read: () => withTenant(tenant.id, async (db) => secretOf(await rowOf(db, id))) };
  }

  async function rowOf(db: TenantDb, id: string) {
    const [row] = await db.select().from(connectionConfigurations).where(eq(connectionConfigurations.id, id));
    if (!row) throw new Error("There is no such configuration.");
    return row;
  }

  test("are sealed by it too, and the old key can go", async () => {
    const { read } = await aSecret("a client's secret");
    expect(await reencryptSecrets()).toEqual({ resealed: 1, unreadable: 0, failed: 0 });
    use(NEW);
    expect(await read()).toBe("a client's secret");
    expect(await reencryptSecrets()).toEqual({ resealed: 0, unreadable: 0, failed: 0 });
  });

  test("whose key is gone are said to the firm once, and come back with it", async () => {
    const { tenant, read } = await aSecret("a client's secret");
    use(NEW);
    expect(await reencryptSecrets()).toMatchObject({ resealed: 0, unreadable: 1, failed: 0 });
    await reencryptSecrets();
    const told = (await auditOf(tenant)).filter(({ event }) => event === "connection.secret_unreadable");
    expect(told).toMatchObject([{ actorKind: "system", detail: { key: idOfKey(OLD) } }]);
    use(NEW, OLD);
    expect(await read()).toBe("a client's secret");
  });

  test("are counted where the operator asks what an older key is needed for", async () => {
    await aSecret("a client's secret");
    const { text } = await describeSeals(ownerUrl(), process.env.PORTAL_KEYS ?? "");
    expect(text).toMatch(/^1 of 1 need an older key/);
  });
});

describe("what was sealed by a key that is gone", () => {
  test("stays as it is, holds nothing up, and is said to the firm once for each person", async () => {
    const someone = await someoneFromBefore();
    const { tenant, member } = someone;
    use(NEW);
    await withTotp(tenant, await aMember(tenant));
    const before = await contentsOf(tenant);
    expect(await reencryptSecrets()).toMatchObject({ resealed: 0, unreadable: 11, failed: 0 });
    await reencryptSecrets();
    expect(await contentsOf(tenant)).toEqual(before);
    const told = (await auditOf(tenant)).filter(({ event }) => event === "second_factor.unreadable");
    expect(told).toMatchObject([{ actorKind: "system", targetId: member.id, detail: { key: idOfKey(OLD) } }]);
    use(NEW, OLD);
    expect(await proofsOf(someone)).toEqual(BOTH);
  });

  test("and so does what was moved to another row: it is not sealed anew for its new place", async () => {
    const { tenant, member } = await someoneFromBefore();
    const other = await someoneFromBefore(tenant);
    await owner()`
      update totp_factors set sealed_secret =
        (select sealed_secret from totp_factors where member_id = ${other.member.id})
       where member_id = ${member.id}`;
    expect(await reencryptSecrets()).toMatchObject({ resealed: 21, unreadable: 1 });
    expect(await proofsOf(other)).toEqual(BOTH);
  });
});

describe("the operator is told (npm run doctor)", () => {
  const told = () => describeSeals(ownerUrl(), process.env.PORTAL_KEYS ?? "");

  test("that an older key is needed, then that it can go, then that nothing else is needed", async () => {
    await someoneFromBefore();
    const needed = expect.stringMatching(/^11 of 11 need an older key: leave/);
    expect(await told()).toEqual({ ok: true, text: needed });
    await reencryptSecrets();
    const text = "11, all sealed by the newest key";
    expect(await told()).toEqual({ ok: true, text: `${text}; the older keys can go` });
    use(NEW);
    expect(await told()).toEqual({ ok: true, text });
  });

  test("that a key is gone too early, as a problem", async () => {
    await someoneFromBefore();
    use(NEW);
    expect(await told()).toEqual({ ok: false, text: expect.stringMatching(/^11 of 11 need a key that/) });
  });

  test("by the ids that the product stores", () => {
    expect(idOfKey(OLD)).toBe(newestSealId());
  });
});

test("the log has numbers, and never a secret or a key", async () => {
  const { tenant, codes } = await someoneFromBefore();
  const [app] = await owner()`select sealed_secret from totp_factors where tenant_id = ${tenant.id}`;
  await reencryptSecrets();
  use(NEW);
  const told = [...logged(), JSON.stringify(await auditOf(tenant))].join("\n");
  for (const secret of [app?.sealed_secret, ...codes, OLD, NEW]) expect(told).not.toContain(secret);
});
