import { describe, expect, test } from "vitest";
import { DAY } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { getSecurityOptionsVersion } from "#lib/settings/get-security-options-version.ts";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import { restoreSecurityOptions } from "#lib/settings/restore-security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function firm() {
  const tenant = await aTenant();
  const ada = await aMember(tenant, { name: "Ada Morgan" });
  return { tenant, ada, ctx: actingAs(tenant, ada, "settings:manage") };
}

const save = (ctx: Context, basedOnVersion: number, change: Partial<SecurityOptions>) =>
  changeSecurityOptions(ctx, { ...RECOMMENDED, ...change, basedOnVersion });

const newest = async (tenant: Tenant) => {
  const [row] = await owner()`
    select version, options, expiry_since as "expirySince", changed_by as "changedBy", restored_version as restored
      from security_options where tenant_id = ${tenant.id} order by version desc limit 1`;
  return row as unknown as {
    version: number;
    options: SecurityOptions;
    expirySince: Date | null;
    changedBy: string;
    restored: number | null;
  };
};

describe("an administrator changes the security options (000-13, C1)", () => {
  test("and they count from then on, as a version with who made it and what it changed", async () => {
    const { tenant, ada, ctx } = await firm();
    const saved = await save(ctx, 0, { symbolRequired: true, lockAfter: 5 });
    expect(saved).toMatchObject({ outcome: "saved", version: 1 });
    expect(await newest(tenant)).toMatchObject({
      version: 1,
      options: { ...RECOMMENDED, symbolRequired: true, lockAfter: 5 },
      changedBy: ada.id,
      restored: null,
    });
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "security_options.changed",
        actorId: ada.id,
        targetId: saved.outcome === "saved" ? saved.id : "",
        detail: { version: 1, symbolRequired: "false -> true", lockAfter: "10 -> 5" },
      },
    ]);
  });

  test("again, and the earlier version stays as it was", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    await save(ctx, 1, { lockAfter: 6 });
    const rows = await owner()`
      select options ->> 'lockAfter' as after from security_options where tenant_id = ${tenant.id} order by version`;
    expect(rows.map(({ after }) => after)).toEqual(["5", "6"]);
  });

  test("as a form sends them", async () => {
    const { tenant, ctx } = await firm();
    await changeSecurityOptions(ctx, {
      minLength: "9",
      minStrength: "Good",
      historyDepth: "2",
      rulesApplyAt: "next_sign_in",
      expiryDays: "90",
      lockAfter: "4",
      recoveryProfile: "link",
      usernameInMail: "on",
      secondFactor: "required",
      secondFactorFrom: "2026-11-30T23:00:00.000Z",
      rememberDeviceDays: "0",
      stepUpMinutes: "5",
      stepUpFor: "enrolled",
      idleMinutes: "30",
      sessionHours: "8",
      riskSignals: "ask",
      basedOnVersion: "0",
    });
    expect((await newest(tenant)).options).toMatchObject({
      lengthRequired: false,
      minLength: 9,
      expiryDays: 90,
      usernameInMail: true,
      breachList: false,
      secondFactorFrom: "2026-11-30T23:00:00.000Z",
      sessionHours: 8,
      offerPasskeys: false,
    });
  });

  test("of this firm and of no other", async () => {
    const [{ ctx }, other] = [await firm(), await firm()];
    const before = await contentsOf(other.tenant);
    await save(ctx, 0, { lockAfter: 5 });
    expect(await contentsOf(other.tenant)).toEqual(before);
    expect(await listSecurityOptionsVersions(other.ctx)).toHaveLength(1);
  });
});

test("a firm that began with other options than the recommended ones goes back to those", async () => {
  const { tenant, ctx } = await firm();
  const beginning = { ...RECOMMENDED, stepUpFor: "enrolled" as const };
  await owner()`
    insert into security_options (tenant_id, version, options) values (${tenant.id}, 0, ${owner().json(beginning)})`;
  await changeSecurityOptions(ctx, { ...beginning, lockAfter: 5, basedOnVersion: 0 });
  expect(await listSecurityOptionsVersions(ctx)).toMatchObject([
    { version: 1, changes: [{ option: "lockAfter", from: 10, to: 5 }] },
    { version: 0, by: undefined, at: undefined, options: beginning, changes: [] },
  ]);
  await restoreSecurityOptions(ctx, { version: 0, basedOnVersion: 1 });
  expect(await newest(tenant)).toMatchObject({ version: 2, options: beginning, restored: 0 });
});

describe("options that count already", () => {
  test("are not saved again", async () => {
    const { tenant, ctx } = await firm();
    const before = await contentsOf(tenant);
    expect(await save(ctx, 0, {})).toEqual({ outcome: "unchanged", version: 0 });
    expect(await contentsOf(tenant)).toEqual(before);
    expect(await auditOf(tenant)).toEqual([]);
  });

  test("are not disputed, either, when a form is sent twice", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    expect(await save(ctx, 0, { lockAfter: 5 })).toEqual({ outcome: "unchanged", version: 1 });
    expect(await auditOf(tenant)).toHaveLength(1);
  });
});

describe("what somebody else has saved meanwhile is not written over (C1)", () => {
  test("whoever has not seen it is refused", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    const error = await refused(tenant, () => save(ctx, 0, { expiryDays: 90 }));
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(await newest(tenant)).toMatchObject({ version: 1, options: { lockAfter: 5, expiryDays: 0 } });
  });

  test("a version that is yet to come is none to go by", async () => {
    const { tenant, ctx } = await firm();
    expect(await refused(tenant, () => save(ctx, 1, { expiryDays: 90 }))).toMatchObject({ code: "conflict" });
  });

  test("of many who save at once, one does", async () => {
    const { tenant, ctx } = await firm();
    const numbers = [3, 4, 5, 6, 7, 8];
    const results = await Promise.allSettled(numbers.map((lockAfter) => save(ctx, 0, { lockAfter })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "conflict" });
    }
    expect(await listSecurityOptionsVersions(ctx)).toHaveLength(2);
    expect(await auditOf(tenant)).toHaveLength(1);
  });
});

describe("is refused, and nothing is written:", () => {
  test.each([
    ["a length that no firm may have (DEC7)", { minLength: 7 }, "minLength"],
    ["a number of tries that locks nobody out (DEC6)", { lockAfter: 21 }, "lockAfter"],
    ["a period that is not offered (000-15)", { expiryDays: 45 }, "expiryDays"],
    ["no version to go by", { basedOnVersion: undefined }, "basedOnVersion"],
  ])("%s", async (_, change, field) => {
    const { tenant, ctx } = await firm();
    const input = { ...RECOMMENDED, lockAfter: 5, basedOnVersion: 0, ...change };
    const error = await refused(tenant, () => changeSecurityOptions(ctx, input));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });

  test("a change by somebody who may do everything else", async () => {
    const { tenant } = await firm();
    const ctx = actingWith(tenant, "members:manage", "groups:manage", "audit:read");
    expect(await refused(tenant, () => save(ctx, 0, { lockAfter: 5 }))).toMatchObject({
      code: "forbidden",
      reason: "needs_settings:manage",
    });
  });
});

describe("expiry counts from (C5)", () => {
  test("the moment it is switched on, and stays so under another period", async () => {
    const { tenant, ctx } = await firm();
    const since = await clock.stop();
    await save(ctx, 0, { expiryDays: 90 });
    expect((await newest(tenant)).expirySince).toEqual(since);
    await clock.travel(10 * DAY);
    await save(ctx, 1, { expiryDays: 30 });
    expect((await newest(tenant)).expirySince).toEqual(since);
    await save(ctx, 2, { expiryDays: 30, symbolRequired: true });
    expect((await newest(tenant)).expirySince).toEqual(since);
  });

  test("nothing once it is off, and from anew when it is switched on again", async () => {
    const { tenant, ctx } = await firm();
    const since = await clock.stop();
    await save(ctx, 0, { expiryDays: 90 });
    await save(ctx, 1, {});
    expect((await newest(tenant)).expirySince).toBeNull();
    await clock.travel(DAY);
    await save(ctx, 2, { expiryDays: 90 });
    expect((await newest(tenant)).expirySince).toEqual(new Date(since.getTime() + DAY));
  });
});

test("another period forgets who was warned of the end under the one before, another option does not (C6)", async () => {
  const { tenant, ctx } = await firm();
  await aMember(tenant, { password: GOOD_PASSWORD });
  const warned = async () => {
    const [row] = await owner()`select warned_days from password_credentials where tenant_id = ${tenant.id}`;
    return row?.warned_days;
  };
  await owner()`update password_credentials set warned_days = 7 where tenant_id = ${tenant.id}`;
  await save(ctx, 0, { symbolRequired: true });
  expect(await warned()).toBe(7);
  await save(ctx, 1, { symbolRequired: true, expiryDays: 365 });
  expect(await warned()).toBeNull();
});

describe("a version is gone back to", () => {
  const back = (ctx: Context, version: number, basedOnVersion: number) =>
    restoreSecurityOptions(ctx, { version, basedOnVersion });

  test("as a new one that says so; what was in between stays", async () => {
    const { tenant, ada, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    await save(ctx, 1, { lockAfter: 6, symbolRequired: true });
    expect(await back(ctx, 1, 2)).toMatchObject({ outcome: "saved", version: 3 });
    expect(await newest(tenant)).toMatchObject({
      version: 3,
      options: { ...RECOMMENDED, lockAfter: 5 },
      changedBy: ada.id,
      restored: 1,
    });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "security_options.restored",
      actorId: ada.id,
      detail: {
        version: 3,
        restoredVersion: 1,
        lockAfter: "6 -> 5",
        symbolRequired: "true -> false",
      },
    });
    expect((await listSecurityOptionsVersions(ctx)).map(({ version }) => version)).toEqual([3, 2, 1, 0]);
  });

  test("the beginning, too; and what was undone can be done again", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { expiryDays: 90 });
    await back(ctx, 0, 1);
    expect(await newest(tenant)).toMatchObject({ version: 2, options: RECOMMENDED, expirySince: null });
    const now = await clock.stop();
    await back(ctx, 1, 2);
    expect(await newest(tenant)).toMatchObject({ version: 3, options: { expiryDays: 90 }, expirySince: now });
  });

  test("not over a newer one that nobody has shown", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    await save(ctx, 1, { lockAfter: 6 });
    expect(await refused(tenant, () => back(ctx, 0, 1))).toMatchObject({ code: "conflict" });
  });

  test("not when it counts already", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    const before = await contentsOf(tenant);
    expect(await back(ctx, 1, 1)).toEqual({ outcome: "unchanged", version: 1 });
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("not when there is none of that number", async () => {
    const { tenant, ctx } = await firm();
    expect(await refused(tenant, () => back(ctx, 9, 0))).toMatchObject({ code: "not_found", status: 404 });
  });
});

describe("the versions of a firm", () => {
  test("say who saved them, when, and what each changed", async () => {
    const { ctx } = await firm();
    const at = await clock.stop();
    await save(ctx, 0, { lockAfter: 5 });
    await clock.travel(DAY);
    await save(ctx, 1, { lockAfter: 5, expiryDays: 30 });
    expect(await listSecurityOptionsVersions(ctx)).toMatchObject([
      {
        version: 2,
        by: "Ada Morgan",
        at: new Date(at.getTime() + DAY),
        changes: [{ option: "expiryDays", from: 0, to: 30 }],
      },
      { version: 1, by: "Ada Morgan", at, changes: [{ option: "lockAfter", from: 10, to: 5 }] },
      { version: 0, by: undefined, at: undefined, options: RECOMMENDED, changes: [] },
    ]);
  });

  test("one of them is read beside the one that counts", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, 0, { lockAfter: 5 });
    expect(await getSecurityOptionsVersion(ctx, 0)).toMatchObject({
      wanted: { version: 0, options: { lockAfter: 10 } },
      current: { version: 1, options: { lockAfter: 5 } },
    });
    expect(await refused(tenant, () => getSecurityOptionsVersion(ctx, 2))).toMatchObject({
      code: "not_found",
    });
    expect(await refused(tenant, () => getSecurityOptionsVersion(ctx, Number.NaN))).toMatchObject({
      code: "not_found",
    });
  });

  test("that know an option less have its recommended value", async () => {
    const { tenant, ctx } = await firm();
    await owner()`
      insert into security_options (tenant_id, version, options) values (${tenant.id}, 1, '{"lockAfter": 7}')`;
    const [one] = await listSecurityOptionsVersions(ctx);
    expect(one.options).toEqual({ ...RECOMMENDED, lockAfter: 7 });
    expect(one.by).toBeUndefined();
  });

  test("cannot be changed or forgotten by the portal itself", async () => {
    const rights = await owner()`
      select privilege_type from information_schema.role_table_grants
       where grantee = 'portal_app' and table_name = 'security_options'`;
    expect(rights.map(({ privilege_type }) => privilege_type).sort()).toEqual(["INSERT", "SELECT"]);
  });
});
