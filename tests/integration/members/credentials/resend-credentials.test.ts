import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { SECOND } from "#lib/core/clock.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

async function helping(wanted: Wanted, ...permissions: Permission[]) {
  const tenant = await aTenant();
  const target = await aMember(tenant, wanted);
  const held: Permission[] = permissions.length > 0 ? permissions : ["contacts:reset", "members:reset"];
  const ctx = actingWith(tenant, ...held);
  return { tenant, target, ctx, resend: () => resendCredentials(ctx, { memberId: target.id }) };
}

const accept = (tenant: Parameters<typeof visitorOf>[0], token: string) =>
  acceptInvitation(visitorOf(tenant), {
    token,
    newPassword: OTHER_PASSWORD,
    confirmPassword: OTHER_PASSWORD,
  });

describe("Resend Credentials (000-08, 000-10, 001-14)", () => {
  test.each([["staff"], ["contact"]] as const)("invites %s who have no password yet", async (kind) => {
    const { tenant, target, ctx, resend } = await helping({ kind });
    expect(await resend()).toEqual({ id: target.id, mailed: true });
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([target.email]);
    expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "accepted" });
    expect((await auditOf(tenant))[0]).toMatchObject({
      event: "credentials.sent",
      actorId: ctx.actor.memberId,
      targetId: target.id,
      detail: { mailed: true },
    });
  });

  test("sends a reset to somebody who has a password", async () => {
    const { tenant, resend } = await helping({ kind: "contact", password: GOOD_PASSWORD });
    await resend();
    expect(await outcomeOf(redeem(tenant, await oneMail(tenant)))).toBe("reset");
  });

  test("generates a temporary password and mails it at once, where that is the firm's way (001-04)", async () => {
    const { tenant, target, resend } = await helping({ kind: "contact", password: GOOD_PASSWORD });
    await withOptions(tenant, { recoveryProfile: "temporary_password" });
    await resend();
    expect(await outboxOf(tenant)).toMatchObject([
      { template: "temporary-password", to_address: target.email, not_before: null },
    ]);
    const { text } = await oneMail(tenant);
    expect(text).toMatch(/[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/);
  });

  test("ends the link that was mailed before: the old one is dead, the new one works (D2)", async () => {
    await clock.stop();
    const { tenant, resend } = await helping({ kind: "contact" });
    await resend();
    const old = await oneMail(tenant);
    await clock.travel(30 * SECOND);
    await resend();
    const fresh = await oneMail(tenant);
    expect(await accept(tenant, old.token)).toMatchObject({ outcome: "dead", state: "superseded" });
    expect(await accept(tenant, fresh.token)).toMatchObject({ outcome: "accepted" });
  });

  test("is one mail when it is pressed twice within half a minute, at once or one after the other", async () => {
    await clock.stop();
    const { tenant, resend } = await helping({ kind: "contact" });
    const answers = await Promise.all([resend(), resend(), resend()]);
    expect(answers.filter(({ mailed }) => mailed)).toHaveLength(1);
    await clock.travel(30 * SECOND - 1);
    expect(await resend()).toMatchObject({ mailed: false });
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("sends five mails to one address and no more, however often it is pressed (B11, DEC7) @prove-B11", async () => {
    await clock.stop();
    const { tenant, resend } = await helping({ kind: "contact" });
    const clicks = proofSize(100, 5000);
    const outcomes: string[] = [];
    for (let click = 0; click < clicks; click += 1) {
      // All of them within one hour.
      await clock.travel((3_599 * SECOND) / clicks);
      const [outcome] = await Promise.allSettled([resend()]);
      outcomes.push(outcome.status);
    }
    expect(await deliveredMail(tenant)).toHaveLength(5);
    expect(outcomes).toContain("rejected");
    expect(await refusalsOf(tenant, "credentials.sent")).toContain("too_many_mails");
    reportFigure("B11", "presses of one button, five mails", clicks);
  });
});

describe("is refused, and nothing is mailed:", () => {
  test("for staff, to whoever may reset contacts only", async () => {
    const { tenant, resend } = await helping({ kind: "staff" }, "contacts:reset", "members:read");
    expect(await refused(tenant, resend)).toMatchObject({ reason: "needs_members:reset" });
  });

  test.each([
    ["a disabled account", { status: "disabled" as const }, /disabled/],
    ["a federated account (B9, E2)", { federated: true }, /SSO/],
    ["an account without an address", { withoutAddress: true }, /address/],
  ])("for %s, and says what stands in the way", async (_, wanted, words) => {
    const { tenant, resend } = await helping({ kind: "contact", ...wanted });
    const error = await refused(tenant, resend);
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(error.message).toMatch(words);
  });

  test("for a frozen account, which its firm has to look into first (DEC9)", async () => {
    const { tenant, target, resend } = await helping({ kind: "contact", password: GOOD_PASSWORD });
    await alter(tenant, target, { frozenAt: new Date() });
    expect(await refused(tenant, resend)).toMatchObject({ code: "conflict" });
  });

  test("for a person of another firm, who is like one who never was (SEC58)", async () => {
    const { tenant, ctx } = await helping({ kind: "contact" });
    const other = await aTenant();
    const stranger = await aMember(other, { kind: "contact" });
    for (const memberId of [stranger.id, crypto.randomUUID()]) {
      const error = await refused(tenant, () => resendCredentials(ctx, { memberId }));
      expect(error).toMatchObject({ code: "not_found", status: 404 });
    }
    expect(await outboxOf(other)).toEqual([]);
  });
});
