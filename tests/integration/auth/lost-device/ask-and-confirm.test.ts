import { describe, expect, test } from "vitest";
import { describeLossLink } from "#lib/auth/lost-device/describe-loss-link.ts";
import { describeLostDevice } from "#lib/auth/lost-device/describe-lost-device.ts";
import { HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { clock } from "#tests/support/clock.ts";
import { contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  ALL_FACTORS,
  ask,
  confirm,
  factorsOf,
  owingIn,
  prove,
  resetRow,
  someoneAsked,
  someoneHeld,
  someoneWithFactors,
} from "#tests/support/lost-device.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { wayOutOf } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { promise } from "#tests/support/outbox.ts";
import { auditOf, contentsOf, refusalsOf, refused } from "#tests/support/records.ts";
import { anotherCode, askForMail, redeem } from "#tests/support/recovery.ts";
import { alter, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

describe("somebody who has typed the password says that the second factors are lost (F3)", () => {
  test("and a mail with a link and six digits goes out; nothing else is changed", async () => {
    const someone = await someoneAsked();
    expect(someone.mail.to).toEqual([someone.member.emailKey]);
    expect(someone.mail.link).toMatch(/\/lost-device\/[\w-]{43}$/);
    expect(someone.mail.code).toMatch(/^\d{6}$/);
    expect(await resetRow(someone.requestId)).toMatchObject({ status: "asked", held_until: null });
    expect(await factorsOf(someone)).toEqual(ALL_FACTORS);
  });

  test("and may still prove one that is found after all: the sign-in stays open", async () => {
    const { tenant, ctx, requestId } = await someoneAsked();
    expect(await prove(tenant, ctx)).toMatchObject({ kind: "full" });
    expect(await resetRow(requestId)).toMatchObject({ status: "cancelled", ended_reason: "proven" });
  });

  test("and it is recorded, with the place that it came from", async () => {
    const { tenant, member, requestId } = await someoneAsked();
    expect((await auditOf(tenant)).find(({ event }) => event === "factor_reset.requested")).toMatchObject({
      actorKind: "member",
      actorId: member.id,
      targetId: member.id,
      source: "203.0.113.7",
      detail: { request: requestId, place: "unknown_place" },
    });
  });

  test("and to say it again changes nothing as long as the mail works", async () => {
    const someone = await someoneAsked();
    await clock.travel(15 * MINUTE - 5000);
    const before = await contentsOf(someone.tenant);
    expect(await ask(someone.ctx)).toMatchObject({ requestId: someone.requestId, again: true });
    expect(await contentsOf(someone.tenant)).toEqual(before);
    expect(await confirm(someone, someone.mail)).toMatchObject({ outcome: "held" });
  });

  test("nor while a day is running: it neither begins anew nor gets shorter", async () => {
    const held = await someoneHeld();
    await clock.travel(2 * HOUR);
    const ctx = await owingIn(held.tenant);
    const before = await contentsOf(held.tenant);
    expect(await ask(ctx)).toMatchObject({ requestId: held.requestId, again: true });
    expect(await contentsOf(held.tenant)).toEqual(before);
  });

  test("and afterwards a new mail takes the place of the one before", async () => {
    const someone = await someoneAsked();
    await clock.travel(14 * MINUTE);
    const ctx = await owingIn(someone.tenant);
    await clock.travel(MINUTE);
    const { requestId } = await ask(ctx);
    expect(requestId).not.toBe(someone.requestId);
    expect(await confirm(someone, someone.mail)).toMatchObject({ outcome: "dead" });
    expect(await confirm(someone, await oneMail(someone.tenant))).toMatchObject({ outcome: "held" });
  });

  test("fifty times at once, and one mail goes out", async () => {
    const someone = await someoneWithFactors();
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        ask({ ...someone.ctx, origin: { ...someone.ctx.origin, source: `198.51.100.${n}` } }),
      ),
    );
    expect(new Set(ids.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await deliveredMail(someone.tenant)).toHaveLength(1);
  });
});

describe("it is refused, and nothing is written,", () => {
  const elsewhere = (ctx: Context): Context => ({ ...ctx, origin: { ...ctx.origin, source: "192.0.2.9" } });

  test("where the firm does not want it", async () => {
    const { tenant, ctx } = await someoneWithFactors();
    await withOptions(tenant, { lostDeviceReset: false });
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({
      code: "forbidden",
      reason: "switched_off",
    });
    expect(await describeLostDevice(ctx)).toEqual({ state: "obstacle", obstacle: "switched_off" });
  });

  test("to somebody without an address", async () => {
    const { tenant, ctx } = await someoneWithFactors({ withoutAddress: true });
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ reason: "no_address" });
  });

  test("to somebody who signs in by SSO, for whom there is no such page", async () => {
    const { tenant, member, ctx } = await someoneWithFactors();
    await alter(tenant, member, { connectionId: crypto.randomUUID() });
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ reason: "federated" });
    await expect(describeLostDevice(ctx)).rejects.toMatchObject({ code: "not_found" });
  });

  test("to a sign-in that has ended, or that owes something else first", async () => {
    const { tenant, ctx } = await someoneWithFactors();
    const other = {
      ...ctx,
      pending: ctx.pending && { ...ctx.pending, duties: ["change_password" as const] },
    };
    expect(await refused(tenant, () => ask(other))).toMatchObject({ code: "unauthenticated" });
    await prove(tenant, ctx);
    expect(await refused(tenant, () => ask(elsewhere(ctx)))).toMatchObject({
      reason: "pending_session_ended",
    });
    expect(await refused(tenant, () => ask(pendingOf(tenant, { duties: ["second_factor"] })))).toMatchObject({
      code: "unauthenticated",
    });
  });

  test("to a source that goes on asking, for a while", async () => {
    const { tenant, ctx } = await someoneWithFactors();
    await clock.stop();
    for (let time = 0; time < 20; time += 1) await ask(ctx);
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ code: "rate_limited" });
  });
});

describe("the mailbox alone is never enough (F3):", () => {
  test("who has reset the password by mail cannot take the second factors away by mail too", async () => {
    const { tenant } = await someoneWithFactors();
    await redeem(tenant, await askForMail(tenant));
    const ctx = await owingIn(tenant, "robin", OTHER_PASSWORD);
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ reason: "password_by_mail" });
    expect(await describeLostDevice(ctx)).toEqual({ state: "obstacle", obstacle: "password_by_mail" });
  });

  test("however long it waits, until a second factor has been proven with that password", async () => {
    const { tenant } = await someoneWithFactors();
    await redeem(tenant, await askForMail(tenant));
    await clock.travel(400 * 24 * HOUR);
    const waiting = await owingIn(tenant, "robin", OTHER_PASSWORD);
    expect(await refused(tenant, () => ask(waiting))).toMatchObject({ reason: "password_by_mail" });
    await prove(tenant, waiting);
    expect(await ask(await owingIn(tenant, "robin", OTHER_PASSWORD))).toMatchObject({ again: false });
  });

  test("nor who has accepted an invitation to an account that has second factors", async () => {
    const { tenant, member } = await someoneWithFactors();
    await promise(tenant, member, { template: "invitation" });
    const { token } = await oneMail(tenant);
    const passwords = { newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };
    await acceptInvitation(visitorOf(tenant), { token, ...passwords });
    const ctx = await owingIn(tenant, "robin", OTHER_PASSWORD);
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ reason: "password_by_mail" });
  });

  test("nor who has been mailed a temporary password", async () => {
    const tenant = await withOptions(await aTenant(), { recoveryProfile: "temporary_password" });
    const { member } = await someoneWithFactors({}, tenant);
    await promise(tenant, member, { template: "temporary-password" });
    const [temporary = ""] = /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec((await oneMail(tenant)).text) ?? [];
    const ctx = await contextOf(tenant, await signIn(tenant, "robin", temporary));
    expect(ctx.pending?.duties[0]).toBe("second_factor");
    expect(await refused(tenant, () => ask(ctx))).toMatchObject({ reason: "temporary_password" });
  });

  test("a reset of the password before there was a second factor is none against it", async () => {
    const { tenant, member } = await someoneWithFactors();
    await owner()`delete from totp_factors where member_id = ${member.id}`;
    await redeem(tenant, await askForMail(tenant));
    await owner()`
      insert into totp_factors (tenant_id, member_id, sealed_secret, key_id, confirmed_at)
      values (${tenant.id}, ${member.id}, 'sealed', 'key', portal_now())`;
    expect(await ask(await owingIn(tenant, "robin", OTHER_PASSWORD))).toMatchObject({ again: false });
  });
});

describe("the loss is confirmed by the code of the mail (DEC9)", () => {
  test("which begins a day, and tells the owner how to stop it", async () => {
    const now = await clock.stop();
    const asked = await someoneAsked();
    expect(await confirm(asked, asked.mail)).toMatchObject({ outcome: "held", memberId: asked.member.id });
    const heldUntil = new Date(now.getTime() + 24 * HOUR);
    expect(await resetRow(asked.requestId)).toMatchObject({ status: "held", held_until: heldUntil });
    const notice = await oneMail(asked.tenant);
    expect(notice.to).toEqual([asked.member.emailKey]);
    expect(wayOutOf(notice).code).toMatch(/^\d{4}$/);
    expect(await factorsOf(asked)).toEqual(ALL_FACTORS);
    expect((await auditOf(asked.tenant)).find(({ event }) => event === "factor_reset.held")).toMatchObject({
      actorKind: "visitor",
      targetId: asked.member.id,
      source: "203.0.113.7",
      detail: { request: asked.requestId, heldUntil: heldUntil.toISOString(), place: "unknown_place" },
    });
    expect(await describeLostDevice(asked.ctx)).toEqual({ state: "held", heldUntil });
  });

  test("fifty times at once, and one of them holds", async () => {
    const asked = await someoneAsked();
    const results = await Promise.all(Array.from({ length: 50 }, () => confirm(asked, asked.mail)));
    expect(results.filter(({ outcome }) => outcome === "held")).toHaveLength(1);
    expect(await deliveredMail(asked.tenant)).toHaveLength(1);
  });

  test("and not by the link alone, however often it is opened (B3)", async () => {
    const asked = await someoneAsked();
    const before = await contentsOf(asked.tenant);
    for (let visit = 0; visit < 20; visit += 1) {
      const link = await describeLossLink(visitorOf(asked.tenant), asked.mail.token);
      expect(link).toMatchObject({ state: "live" });
    }
    expect(await contentsOf(asked.tenant)).toEqual(before);
  });

  test.each(["", "12345", "1234567", "abcdef"])("and not by %j, which counts no try", async (code) => {
    const asked = await someoneAsked();
    const error = await refused(asked.tenant, () => confirm(asked, { ...asked.mail, code }));
    expect(Object.keys(error.fieldErrors)).toEqual(["code"]);
  });

  test("and not by wrong codes, of which five are counted", async () => {
    const asked = await someoneAsked();
    for (let step = 1; step <= 5; step += 1) {
      const code = anotherCode(asked.mail.code, step);
      expect(await confirm(asked, { ...asked.mail, code })).toMatchObject({ attemptsLeft: 5 - step });
    }
    expect(await confirm(asked, asked.mail)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await resetRow(asked.requestId)).toMatchObject({ status: "asked" });
    expect(await refusalsOf(asked.tenant, "factor_reset.held")).toHaveLength(6);
  });

  test("for fifteen minutes from when the mail left, to the second", async () => {
    await clock.stop();
    const [early, late] = [await someoneAsked(), await someoneAsked()];
    await clock.travel(15 * MINUTE - 1000);
    expect(await confirm(early, early.mail)).toMatchObject({ outcome: "held" });
    await clock.travel(1000);
    expect(await confirm(late, late.mail)).toMatchObject({ outcome: "dead", state: "expired" });
  });

  test("also after a mail server that was away for longer than that: they are made anew (S5)", async () => {
    const someone = await someoneWithFactors();
    await ask(someone.ctx);
    breakMail({ at: "recipient", code: 450 });
    await deliveredMail(someone.tenant);
    await clock.travel(40 * MINUTE);
    breakMail(undefined);
    const mail = await oneMail(someone.tenant);
    await clock.travel(14 * MINUTE);
    expect(await confirm(someone, mail)).toMatchObject({ outcome: "held" });
  });

  test("and not in another firm (A1)", async () => {
    const asked = await someoneAsked();
    expect(await confirm({ tenant: await aTenant() }, asked.mail)).toMatchObject({ state: "unknown" });
  });

  test.each([
    ["has another address", { email: "new@mail.example", emailKey: "new@mail.example" }],
    ["is disabled", { status: "disabled" as const }],
    ["is frozen", { frozenAt: new Date() }],
    ["signs in by SSO", { connectionId: crypto.randomUUID() }],
  ])("and not where the account %s by now", async (_, changes) => {
    const asked = await someoneAsked();
    await alter(asked.tenant, asked.member, changes);
    expect(await confirm(asked, asked.mail)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await resetRow(asked.requestId)).toMatchObject({ status: "asked" });
  });

  test("and not where the firm does not want it any more", async () => {
    const asked = await someoneAsked();
    await withOptions(asked.tenant, { lostDeviceReset: false });
    expect(await confirm(asked, asked.mail)).toMatchObject({ outcome: "dead", state: "unknown" });
  });

  test("for a source that goes on trying, for a while", async () => {
    const asked = await someoneAsked();
    await clock.stop();
    const made = { token: "A".repeat(43), code: "123456" };
    for (let time = 0; time < 60; time += 1) await confirm(asked, made);
    expect(await refused(asked.tenant, () => confirm(asked, asked.mail))).toMatchObject({
      code: "rate_limited",
    });
  });
});

test("asking and confirming sign nobody out: who is in stays in until the day is over", async () => {
  const { tenant, ctx } = await someoneWithFactors();
  const full = await prove(tenant, ctx);
  const again = await owingIn(tenant, "robin", GOOD_PASSWORD);
  await ask(again);
  await confirm({ tenant }, await oneMail(tenant));
  expect(await worthOf(tenant, full)).toBe("full");
  expect((await outboxOf(tenant)).map(({ template }) => template)).toEqual([
    "confirm-factor-reset",
    "factor-reset-held",
  ]);
});
