import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { getMemberFactors } from "#lib/auth/lost-device/get-member-factors.ts";
import { resetFactors } from "#lib/auth/lost-device/reset-factors.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import {
  ALL_FACTORS,
  factorsOf,
  keepBy,
  NO_FACTORS_LEFT,
  prove,
  resetRow,
  someoneHeld,
  someoneWithFactors,
} from "#tests/support/lost-device.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { freezeBy, wayOutOf } from "#tests/support/notices.ts";
import { promise } from "#tests/support/outbox.ts";
import { auditOf, refused, rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];
const REASON = "Called back on the number that we had.";

const take = (ctx: MemberContext, memberId: string, reason: unknown = REASON) =>
  resetFactors(ctx, { memberId, reason });

describe("an administrator takes away what somebody has lost (F3)", () => {
  test.each(["staff", "contact"] as const)(
    "from %s: all of it, and the next sign-in needs the password alone",
    async (kind) => {
      const someone = await someoneWithFactors({ kind });
      await take(actingWith(someone.tenant, ...everything), someone.member.id);
      expect(await factorsOf(someone)).toEqual(NO_FACTORS_LEFT);
      expect(await signIn(someone.tenant, "robin", GOOD_PASSWORD)).toMatchObject({ kind: "full" });
    },
  );

  test("with sessions and known browsers, also one that owes the factor", async () => {
    const { tenant, member, ctx } = await someoneWithFactors();
    const full = await prove(tenant, ctx);
    const owing = await signIn(tenant, "robin", GOOD_PASSWORD);
    await take(actingWith(tenant, ...everything), member.id);
    expect(await worthOf(tenant, full)).toBe("revoked");
    expect(await worthOf(tenant, owing)).toBe("revoked");
    expect((await rowsOf(tenant)).known_devices).toEqual([]);
  });

  test("and the owner is told, with a way to say that it was wrong", async () => {
    const { tenant, member } = await someoneWithFactors();
    await take(actingWith(tenant, ...everything), member.id);
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([member.emailKey]);
    expect(mail.text).not.toContain(REASON);
    expect(await freezeBy(tenant, wayOutOf(mail))).toMatchObject({ outcome: "frozen" });
  });

  test("and it is recorded by whom; the reason is kept with the reset, not in the log", async () => {
    const { tenant, member } = await someoneWithFactors();
    const admin = actingWith(tenant, ...everything);
    const { requestId } = await take(admin, member.id);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "second_factors.reset",
      actorId: admin.actor.memberId,
      targetId: member.id,
      detail: { request: requestId, apps: 1, passkeys: 0, recoveryCodes: 10 },
    });
    expect(JSON.stringify(await auditOf(tenant))).not.toContain(REASON);
    expect(await resetRow(requestId)).toMatchObject({ status: "done", ended_reason: REASON });
    expect((await getMemberFactors(admin, member.id)).last).toMatchObject({ reason: REASON });
  });

  test("and what was held is settled by it", async () => {
    const held = await someoneHeld();
    await take(actingWith(held.tenant, ...everything), held.member.id);
    expect(await resetRow(held.requestId)).toMatchObject({
      status: "cancelled",
      ended_reason: "factors_reset",
    });
    expect(await keepBy(held, held.wayOut)).toMatchObject({ outcome: "dead" });
    expect(await deliveredMail(held.tenant)).toHaveLength(1);
  });

  test("by a group of the firm's own that may do this and sees the person", async () => {
    const someone = await someoneWithFactors({ kind: "contact" });
    await take(
      actingWith(someone.tenant, "factors:reset", "clients:read", "workspaces:enter"),
      someone.member.id,
    );
    expect(await factorsOf(someone)).toEqual(NO_FACTORS_LEFT);
  });

  test("once, of ten at the same time", async () => {
    const { tenant, member } = await someoneWithFactors();
    const admin = actingWith(tenant, ...everything);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => take(admin, member.id)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });
});

describe("it is refused, and nothing is written,", () => {
  test("for oneself: one's own are removed on one's own pages", async () => {
    const someone = await someoneWithFactors();
    const self = actingAs(someone.tenant, someone.member, ...everything);
    expect(await refused(someone.tenant, () => take(self, someone.member.id))).toMatchObject({
      code: "conflict",
    });
    expect(await factorsOf(someone)).toEqual(ALL_FACTORS);
  });

  test("for an account that may do more than the caller's (SEC60)", async () => {
    const { tenant, member } = await someoneWithFactors();
    const helper = actingWith(tenant, "factors:reset", "members:read");
    expect(await refused(tenant, () => take(helper, member.id))).toMatchObject({ code: "forbidden" });
    expect(await getMemberFactors(helper, member.id)).toMatchObject({ mayTake: false });
  });

  test("for a contact of clients that the caller is not assigned to, and for nobody (E7)", async () => {
    const { tenant, member } = await someoneWithFactors({ kind: "contact" });
    const ctx = actingWith(tenant, ...everything);
    const narrow: MemberContext = { ...ctx, actor: { ...ctx.actor, clientScope: "assigned" } };
    expect(await refused(tenant, () => take(narrow, member.id))).toMatchObject({ code: "not_found" });
    expect(await refused(tenant, () => take(ctx, crypto.randomUUID()))).toMatchObject({ code: "not_found" });
    await expect(getMemberFactors(narrow, member.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("for somebody of another firm (A1)", async () => {
    const { tenant, member } = await someoneWithFactors();
    const stranger = actingWith(await aTenant(), ...everything);
    expect(await refused(tenant, () => take(stranger, member.id))).toMatchObject({ code: "not_found" });
  });

  test("for somebody who has none", async () => {
    const tenant = await aTenant();
    const { id } = await aMember(tenant);
    expect(await refused(tenant, () => take(actingWith(tenant, ...everything), id))).toMatchObject({
      code: "conflict",
    });
  });

  test.each([undefined, "", "   ", "x".repeat(201), "two\nlines"])(
    "without a reason in one line: %j",
    async (reason) => {
      const { tenant, member } = await someoneWithFactors();
      const admin = actingWith(tenant, ...everything);
      const error = await refused(tenant, () => resetFactors(admin, { memberId: member.id, reason }));
      expect(Object.keys(error.fieldErrors)).toEqual(["reason"]);
    },
  );
});

test("a freeze ends the sessions and keeps the second factors", async () => {
  const { tenant, member, ctx } = await someoneWithFactors();
  const full = await prove(tenant, ctx);
  await promise(tenant, member, { template: "password-changed" });
  await freezeBy(tenant, wayOutOf(await oneMail(tenant)));
  expect(await worthOf(tenant, full)).toBe("revoked");
  expect(await factorsOf({ member })).toEqual(ALL_FACTORS);
});
