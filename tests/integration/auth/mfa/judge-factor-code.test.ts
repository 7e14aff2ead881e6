import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { judgeFactorCode } from "#lib/auth/mfa/judge-factor-code.ts";
import { countRecoveryCodes, RECOVERY_CODES } from "#lib/auth/mfa/recovery-codes.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { codeAt, STEP_SECONDS, secretOfNewApp, withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { wayOutOf } from "#tests/support/notices.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const STEP = STEP_SECONDS * 1000;

async function someone() {
  const tenant = await aTenant();
  return { tenant, member: await aMember(tenant) };
}

/** What comes of a code as `FactorCode` gives it: its proof, or why it is none. */
async function judged(tenant: Tenant, { id }: Member, typed: string) {
  const code = typed.replaceAll("-", "");
  const result = await withTenant(tenant.id, (db, now) =>
    judgeFactorCode(db, { ...visitorOf(tenant), now }, id, code),
  );
  return result.proof ?? result.reason;
}

describe("a code of an authenticator app (F1, SEC33)", () => {
  test.each([-1, 0, 1])("is right %i steps away", async (steps) => {
    const { tenant, member } = await someone();
    const secret = await secretOfNewApp(tenant, member);
    expect(await judged(tenant, member, codeAt(secret, await clock.stop(), steps))).toBe("totp");
  });

  test.each([-2, 2])("is wrong %i steps away, and nothing is written", async (steps) => {
    const { tenant, member } = await someone();
    const secret = await secretOfNewApp(tenant, member);
    const code = codeAt(secret, await clock.stop(), steps);
    const before = await contentsOf(tenant);
    expect(await judged(tenant, member, code)).toBe("wrong_code");
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("is right once, and with it all of its step and before are used", async () => {
    const { tenant, member } = await someone();
    const secret = await secretOfNewApp(tenant, member);
    const now = await clock.stop();
    expect(await judged(tenant, member, codeAt(secret, now))).toBe("totp");
    expect(await judged(tenant, member, codeAt(secret, now))).toBe("used_code");
    expect(await judged(tenant, member, codeAt(secret, now, -1))).toBe("used_code");
    expect(await judged(tenant, member, codeAt(secret, now, 1))).toBe("totp");
    await clock.travel(STEP);
    expect(await judged(tenant, member, codeAt(secret, now, 1))).toBe("used_code");
    await clock.travel(STEP);
    expect(await judged(tenant, member, codeAt(secret, now, 2))).toBe("totp");
  });

  test("stays used when the clock steps back (REL10)", async () => {
    const { tenant, member } = await someone();
    const secret = await secretOfNewApp(tenant, member);
    const now = await clock.stop();
    await clock.travel(5 * STEP);
    expect(await judged(tenant, member, codeAt(secret, now, 5))).toBe("totp");
    await clock.travel(-5 * STEP);
    expect(await judged(tenant, member, codeAt(secret, now))).toBe("used_code");
  });

  test("of 50 in parallel one is right (REL5)", async () => {
    const { tenant, member } = await someone();
    const code = codeAt(await secretOfNewApp(tenant, member), await clock.stop());
    const results = await Promise.all(Array.from({ length: 50 }, () => judged(tenant, member, code)));
    expect(results.filter((result) => result === "totp")).toHaveLength(1);
    expect(results.filter((result) => result === "used_code")).toHaveLength(49);
  });

  test("of somebody else, or of another firm's account, is wrong", async () => {
    const { tenant, member } = await someone();
    const code = codeAt(await secretOfNewApp(tenant, member), await clock.stop());
    const colleague = await aMember(tenant);
    await secretOfNewApp(tenant, colleague);
    const other = await someone();
    expect(await judged(tenant, colleague, code)).toBe("wrong_code");
    expect(await judged(other.tenant, other.member, code)).toBe("wrong_code");
    expect(await judged(other.tenant, member, code)).toBe("wrong_code");
    expect(await judged(tenant, member, code)).toBe("totp");
  });

  test("of an app that is not confirmed is wrong (SEC34)", async () => {
    const { tenant, member } = await someone();
    const secret = await secretOfNewApp(tenant, member);
    await owner()`update totp_factors set confirmed_at = null where tenant_id = ${tenant.id}`;
    expect(await judged(tenant, member, codeAt(secret, await clock.stop()))).toBe("wrong_code");
  });

  test("tests get one after the other from an app of their own", async () => {
    const { tenant, member } = await someone();
    const nextCode = await withTotp(tenant, member);
    await clock.stop();
    for (const _ of [1, 2]) expect(await judged(tenant, member, await nextCode())).toBe("totp");
    await expect(nextCode()).rejects.toThrow("move the clock");
  });
});

test("a secret that is moved to another row opens nothing (SEC33)", async () => {
  const { tenant, member } = await someone();
  const code = codeAt(await secretOfNewApp(tenant, member), await clock.stop());
  const thief = await aMember(tenant);
  await secretOfNewApp(tenant, thief);
  await owner()`
    update totp_factors t set sealed_secret = o.sealed_secret from totp_factors o
     where t.member_id = ${thief.id} and o.member_id = ${member.id}`;
  await expect(judged(tenant, thief, code)).rejects.toThrow();
});

describe("a recovery code (F3, SEC35)", () => {
  test("is right once, however it is written, and ten are all that there are", async () => {
    const { tenant, member } = await someone();
    const codes = await withRecoveryCodes(tenant, member);
    expect(codes).toHaveLength(RECOVERY_CODES);
    expect(new Set(codes).size).toBe(RECOVERY_CODES);
    for (const code of codes) {
      expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){3}$/);
      expect(await judged(tenant, member, code)).toBe("recovery_code");
      expect(await judged(tenant, member, code)).toBe("used_code");
    }
    expect(await withTenant(tenant.id, (db) => countRecoveryCodes(db, member.id))).toBe(0);
  });

  test("of 50 in parallel one is right (REL5)", async () => {
    const { tenant, member } = await someone();
    const [code = ""] = await withRecoveryCodes(tenant, member);
    const results = await Promise.all(Array.from({ length: 50 }, () => judged(tenant, member, code)));
    expect(results.filter((result) => result === "recovery_code")).toHaveLength(1);
    expect(results.filter((result) => result === "used_code")).toHaveLength(49);
    expect(await outboxOf(tenant)).toHaveLength(1);
  });

  test("that is used is told to its owner, who can freeze the account, and recorded", async () => {
    const { tenant, member } = await someone();
    const [code = ""] = await withRecoveryCodes(tenant, member);
    await judged(tenant, member, code);
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([member.emailKey]);
    expect(mail.subject).toBe("A recovery code was used for your Fabrikam account");
    expect(mail.text).toContain("9 more are left");
    expect(wayOutOf(mail).token).not.toBe("");
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "recovery_code.used", targetId: member.id, detail: { codesLeft: 9 } }),
    );
  });

  test("of the set before, of somebody else, or made up is wrong, and nothing is written", async () => {
    const { tenant, member } = await someone();
    const [before = ""] = await withRecoveryCodes(tenant, member);
    await withRecoveryCodes(tenant, member);
    const [others = ""] = await withRecoveryCodes(tenant, await aMember(tenant));
    const contents = await contentsOf(tenant);
    for (const code of [before, others, "ABCD-EFGH-JKLM-2345"]) {
      expect(await judged(tenant, member, code)).toBe("wrong_code");
    }
    expect(await contentsOf(tenant)).toEqual(contents);
  });
});
