import { describe, expect, test } from "vitest";
import type { Context } from "#lib/core/context.ts";
import { changeFirmSettings } from "#lib/settings/change-firm-settings.ts";
import { describeSupport } from "#lib/settings/describe-support.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aTenant } from "#tests/support/tenants.ts";

const WANTED = {
  name: "Fabrikam",
  supportName: "Reception",
  supportEmail: "help@fabrikam.example",
  supportPhone: "+48 22 555 01 23",
  timeZone: "Europe/Warsaw",
  auditDays: "730",
  deletedDays: "30",
};

async function firm() {
  const tenant = await aTenant();
  return { tenant, ctx: actingWith(tenant, "settings:manage") };
}

const save = (ctx: Context, change: Record<string, unknown> = {}) =>
  changeFirmSettings(ctx, { ...WANTED, ...change });

describe("an administrator changes what the firm says of itself (000-04)", () => {
  test("and it counts from then on; the log has the facts, and nothing that somebody wrote", async () => {
    const { tenant, ctx } = await firm();
    expect(await getFirmSettings(ctx)).toMatchObject({ name: "Fabrikam", auditDays: null, version: 0 });
    await save(ctx, { name: " Fabrikam & Sons ", version: 0 });
    expect(await getFirmSettings(ctx)).toMatchObject({
      ...WANTED,
      name: "Fabrikam & Sons",
      auditDays: 730,
      deletedDays: 30,
    });
    expect((await findTenant(tenant.slug))?.name).toBe("Fabrikam & Sons");
    const [event] = await auditOf(tenant);
    expect(event).toMatchObject({
      event: "firm_settings.changed",
      targetId: tenant.id,
      detail: {
        ...{ name: "changed", supportName: "changed", supportEmail: "changed", supportPhone: "changed" },
        timeZone: "Etc/UTC -> Europe/Warsaw",
        auditDays: "for good -> 730",
        deletedDays: "90 -> 30",
      },
    });
    expect(JSON.stringify(event)).not.toMatch(/Sons|Reception|help@|555/);
  });

  test("of this firm and no other", async () => {
    const [one, other] = [await firm(), await firm()];
    await save(one.ctx, { name: "Renamed" });
    expect(await getFirmSettings(other.ctx)).toMatchObject({ name: "Fabrikam", supportName: "", version: 0 });
    expect(await describeSupport(visitorOf(other.tenant))).toBeUndefined();
  });

  test("a form that changes nothing is no event", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx);
    await save(ctx);
    expect(await auditOf(tenant)).toHaveLength(1);
  });

  test("an empty number of days keeps the audit log for good, from a form and from a program", async () => {
    const { ctx } = await firm();
    await save(ctx);
    await save(ctx, { auditDays: "" });
    expect(await getFirmSettings(ctx)).toMatchObject({ auditDays: null });
    await save(ctx, { auditDays: 365 });
    await save(ctx, { auditDays: null });
    expect(await getFirmSettings(ctx)).toMatchObject({ auditDays: null });
  });
});

describe("of two administrators at once (E6)", () => {
  test("the second one is told, and nothing is written over", async () => {
    const { tenant, ctx } = await firm();
    const { version } = await getFirmSettings(ctx);
    await save(ctx, { version, supportName: "Ada" });
    const error = await refused(tenant, () => save(ctx, { version, supportName: "Alan" }));
    expect(error.code).toBe("conflict");
    expect(await getFirmSettings(ctx)).toMatchObject({ supportName: "Ada" });
  });

  test("at the same moment one of them wins, also where nothing was saved before", async () => {
    const { ctx } = await firm();
    const results = await Promise.allSettled(
      ["Ada", "Alan", "Ravi"].map((supportName) => save(ctx, { version: 0, supportName })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("whoever gives no version has looked at none, and saves", async () => {
    const { ctx } = await firm();
    await save(ctx);
    await save(ctx, { supportName: "Alan" });
    expect(await getFirmSettings(ctx)).toMatchObject({ supportName: "Alan" });
  });
});

describe("refused beside its field, and nothing is written:", () => {
  test.each([
    ["no name", "name", "  "],
    ["a name of two lines", "name", "Fabrikam\nBcc: everybody"],
    ["an address that is none", "supportEmail", "help"],
    ["an address with more than an address in it", "supportEmail", "help@fabrikam.example?bcc=a@b.example"],
    ["a script for a telephone", "supportPhone", "javascript:alert(1)"],
    ["a telephone with more than a number", "supportPhone", "555;ext=1"],
    ["a zone that is not of this world", "timeZone", "Mars/Olympus"],
    ["evidence of less than a year", "auditDays", "364"],
    ["a number that JavaScript would read", "auditDays", "1e3"],
    ["no day at all for a deleted person", "deletedDays", "0"],
    ["more than ten years for a deleted person", "deletedDays", "3651"],
    ["nothing for a deleted person", "deletedDays", ""],
  ])("%s", async (_, field, value) => {
    const { tenant, ctx } = await firm();
    const error = await refused(tenant, () => save(ctx, { [field]: value }));
    expect(error.code).toBe("invalid");
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });
});

describe("the support contact (000-04)", () => {
  test("is told to everybody alike, by one statement, whether somebody is named or not", async () => {
    const { tenant, ctx } = await firm();
    const reading = () => statementsOf(() => describeSupport(visitorOf(tenant)));
    const before = await reading();
    expect(await describeSupport(visitorOf(tenant))).toBeUndefined();
    await save(ctx);
    expect(await reading()).toEqual(before);
    expect(before.filter((statement) => statement.includes("firm_settings"))).toHaveLength(1);
    const told = { name: "Reception", email: WANTED.supportEmail, phone: WANTED.supportPhone };
    expect(await describeSupport(visitorOf(tenant))).toEqual(told);
    expect(await describeSupport(ctx)).toEqual(told);
  });

  test("is not there where every part of it is empty", async () => {
    const { tenant, ctx } = await firm();
    await save(ctx, { supportName: "", supportEmail: "", supportPhone: "" });
    expect(await describeSupport(visitorOf(tenant))).toBeUndefined();
  });
});
