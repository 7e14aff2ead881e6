import { describe, expect, test } from "vitest";
import { passkeys } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { applyFactorResets } from "#lib/auth/lost-device/apply-factor-resets.ts";
import { describeFactorHold } from "#lib/auth/lost-device/describe-factor-hold.ts";
import { stopOwnFactorReset } from "#lib/auth/lost-device/own-hold.ts";
import { stopFactorReset } from "#lib/auth/lost-device/stop-factor-reset.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { describeNotices } from "#lib/auth/session/describe-notices.ts";
import { DAY, HOUR, SECOND } from "#lib/core/clock.ts";
import { runChores } from "#lib/jobs/run-chores.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { aProgramOf, ask as askApi } from "#tests/support/api.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  ALL_FACTORS,
  ask,
  confirm,
  factorsOf,
  keepBy,
  NO_FACTORS_LEFT,
  owingIn,
  prove,
  resetRow,
  type Someone,
  someoneAsked,
  someoneHeld,
  someoneWithFactors,
} from "#tests/support/lost-device.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { freezeBy, otherDigits, wayOutOf } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { promise } from "#tests/support/outbox.ts";
import { auditOf, contentsOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const apply = ({ tenant }: Pick<Someone, "tenant">) => applyFactorResets(tenant.id);

type Held = Awaited<ReturnType<typeof someoneHeld>>;

/** That this has stopped it: nothing is taken away, neither now nor when the day is over. */
async function expectStopped(held: Held, reason: string) {
  expect(await resetRow(held.requestId)).toMatchObject({ status: "cancelled", ended_reason: reason });
  await clock.travel(25 * HOUR);
  expect(await apply(held)).toBe(0);
  expect(await factorsOf(held)).toEqual(ALL_FACTORS);
  expect(await keepBy(held, held.wayOut)).toMatchObject({ outcome: "dead" });
}

describe("when a day is over, all second factors are taken away (F3)", () => {
  test("not one second before 24 hours, and then at once", async () => {
    await clock.stop();
    const held = await someoneHeld();
    await clock.travel(24 * HOUR - SECOND);
    expect(await apply(held)).toBe(0);
    expect(await factorsOf(held)).toEqual(ALL_FACTORS);
    await clock.travel(SECOND);
    expect(await apply(held)).toBe(1);
    expect(await factorsOf(held)).toEqual(NO_FACTORS_LEFT);
    expect(await resetRow(held.requestId)).toMatchObject({ status: "done", ended_reason: "applied" });
  });

  test("by the hourly chores, in every firm and no other member's", async () => {
    const people = [await someoneHeld(), await someoneHeld()];
    const other = await someoneWithFactors({ username: "sandy" }, people[0]?.tenant);
    await clock.travel(DAY);
    expect(await runChores()).toMatchObject({ apply_factor_resets: 2, failed: 0 });
    for (const one of people) expect(await factorsOf(one)).toEqual(NO_FACTORS_LEFT);
    expect(await factorsOf(other)).toEqual(ALL_FACTORS);
  });

  test("and with them sessions, API tokens and known browsers; passkeys and apps that were only begun too", async () => {
    const { tenant, member, ctx } = await someoneWithFactors();
    const full = await prove(tenant, ctx);
    await generateApiToken(actingAs(tenant, member, "api_tokens:own"), { memberId: member.id });
    await withTenant(tenant.id, (db) =>
      db.insert(passkeys).values({
        ...{ memberId: member.id, credentialId: "credential", userHandle: "handle", counter: 0 },
        ...{ publicKey: Buffer.from("key"), aaguid: "", name: "Key", backupEligible: true, backedUp: true },
      }),
    );
    const again = await owingIn(tenant);
    await ask(again);
    await deliveredMail(tenant).then((mails) =>
      confirm({ tenant }, mails.find(({ code }) => code !== "") as never),
    );
    await deliveredMail(tenant);
    await clock.travel(DAY);
    await apply({ tenant });
    expect(await factorsOf({ member })).toEqual(NO_FACTORS_LEFT);
    expect(["revoked", "expired"]).toContain(await worthOf(tenant, full));
    const rows = await rowsOf(tenant);
    expect(rows.known_devices).toEqual([]);
    expect(rows.api_tokens?.map(({ ended_reason }) => ended_reason)).toEqual(["factors_changed"]);
  });

  test("the owner is told, with a way to say that it was somebody else (SEC39)", async () => {
    const held = await someoneHeld();
    await clock.travel(DAY);
    await apply(held);
    const mail = await oneMail(held.tenant);
    expect(mail.subject).toContain("All second factors were taken away from");
    expect(await freezeBy(held.tenant, wayOutOf(mail))).toMatchObject({ outcome: "frozen" });
  });

  test("the next sign-in needs the password alone, or owes a new one where it is required", async () => {
    const held = await someoneHeld();
    await clock.travel(DAY);
    await apply(held);
    expect(await signIn(held.tenant, "robin", GOOD_PASSWORD)).toMatchObject({ kind: "full" });
    await withOptions(held.tenant, { secondFactor: "required" });
    expect(await signIn(held.tenant, "robin", GOOD_PASSWORD)).toMatchObject({
      duties: ["enroll_second_factor"],
    });
  });

  test("it is recorded, with what was taken", async () => {
    const held = await someoneHeld();
    await clock.travel(DAY);
    await apply(held);
    expect((await auditOf(held.tenant)).find(({ event }) => event === "factor_reset.applied")).toMatchObject({
      actorKind: "system",
      targetId: held.member.id,
      detail: { request: held.requestId, apps: 1, passkeys: 0, recoveryCodes: 10 },
    });
  });

  test("once, however many workers come at it", async () => {
    const held = await someoneHeld();
    await clock.travel(DAY);
    const numbers = await Promise.all(Array.from({ length: 5 }, () => apply(held)));
    expect(numbers.toSorted()).toEqual([0, 0, 0, 0, 1]);
    expect(await deliveredMail(held.tenant)).toHaveLength(1);
  });

  test("unless somebody stops it at the same moment: one of the two happens, whole", async () => {
    for (let round = 0; round < 5; round += 1) {
      const held = await someoneHeld();
      // The mail's digits are good for a little longer than the day, which began before it left.
      await owner()`update factor_resets set held_until = portal_now() where id = ${held.requestId}`;
      await owner()`
        update outbox_emails set sent_at = sent_at - interval '1 day' where tenant_id = ${held.tenant.id}`;
      const [applied, kept] = await Promise.all([apply(held), keepBy(held, held.wayOut)]);
      expect([applied, kept.outcome]).toEqual(applied === 1 ? [1, "dead"] : [0, "cancelled"]);
      expect(await factorsOf(held)).toEqual(applied === 1 ? NO_FACTORS_LEFT : ALL_FACTORS);
    }
  });

  test("nothing where it was asked for and never confirmed", async () => {
    const asked = await someoneAsked();
    await clock.travel(400 * DAY);
    expect(await apply(asked)).toBe(0);
    expect(await factorsOf(asked)).toEqual(ALL_FACTORS);
  });
});

describe("a day in which it can be stopped, by", () => {
  test("the link of the mail and its four digits, until the last second (DEC9)", async () => {
    await clock.stop();
    const held = await someoneHeld();
    await clock.travel(24 * HOUR - SECOND);
    expect(await describeFactorHold(visitorOf(held.tenant), held.wayOut.token)).toMatchObject({
      state: "live",
    });
    expect(await keepBy(held, held.wayOut)).toMatchObject({ outcome: "cancelled", memberId: held.member.id });
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({
      event: "factor_reset.cancelled",
      actorKind: "visitor",
      targetId: held.member.id,
      reason: "owner",
      source: "203.0.113.7",
      detail: { request: held.requestId, place: "unknown_place" },
    });
    await expectStopped(held, "owner");
  });

  test("a second factor that is proven after all", async () => {
    const held = await someoneHeld();
    await prove(held.tenant, await owingIn(held.tenant));
    expect(
      (await auditOf(held.tenant)).find(({ event }) => event === "factor_reset.cancelled"),
    ).toMatchObject({
      reason: "proven",
      targetId: held.member.id,
      source: "203.0.113.7",
    });
    await expectStopped(held, "proven");
  });

  test("an administrator who may take them away", async () => {
    const held = await someoneHeld();
    const admin = actingWith(held.tenant, "factors:reset", "members:read", "clients:read");
    await stopFactorReset(admin, { memberId: held.member.id });
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({
      event: "factor_reset.stopped",
      actorId: admin.actor.memberId,
      targetId: held.member.id,
      detail: { request: held.requestId },
    });
    await expectStopped(held, "administrator");
    expect(
      await refused(held.tenant, () => stopFactorReset(admin, { memberId: held.member.id })),
    ).toMatchObject({ code: "conflict" });
  });

  test("a program of the firm's, which sees that a day is running and no more", async () => {
    const held = await someoneHeld();
    const program = await aProgramOf(held.tenant, await aMember(held.tenant, { name: "Zoe" }));
    const at = `/members/${held.member.id}/second-factors/hold`;
    const seen = await askApi(program, `GET ${at}`);
    expect(seen.json).toEqual({ heldUntil: (await resetRow(held.requestId))?.held_until.toISOString() });
    expect((await askApi(program, `DELETE ${at}`)).status).toBe(204);
    expect((await askApi(program, `GET ${at}`)).json).toEqual({ heldUntil: null });
    expect((await askApi(program, `DELETE ${at}`)).status, "a second time").toBe(409);
    await expectStopped(held, "administrator");
  });

  test("the owner, wherever they are signed in, without a proof", async () => {
    const held = await someoneHeld();
    const signedIn = actingAs(held.tenant, held.member);
    const owner = { ...signedIn, actor: { ...signedIn.actor, proven: undefined } };
    expect((await describeNotices(owner)).heldUntil).toEqual((await resetRow(held.requestId))?.held_until);
    await stopOwnFactorReset(owner, undefined);
    expect((await describeNotices(owner)).heldUntil).toBeUndefined();
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({
      event: "factor_reset.cancelled",
      reason: "owner",
      actorId: held.member.id,
      detail: { request: held.requestId },
    });
    const again = await refused(held.tenant, () => stopOwnFactorReset(owner, undefined));
    expect(again).toMatchObject({ code: "conflict" });
    await expectStopped(held, "owner");
  });

  test("and nobody else: a colleague sees and stops nothing, nor whoever still owes the factor", async () => {
    const held = await someoneHeld();
    const colleague = actingAs(held.tenant, await aMember(held.tenant));
    expect((await describeNotices(colleague)).heldUntil).toBeUndefined();
    for (const ctx of [colleague, await owingIn(held.tenant), visitorOf(held.tenant)]) {
      await refused(held.tenant, () => stopOwnFactorReset(ctx, undefined));
    }
    expect(await resetRow(held.requestId)).toMatchObject({ status: "held" });
  });

  test("a reset of the password by mail, so that who has the mailbox cannot combine the two", async () => {
    const held = await someoneHeld();
    await redeem(held.tenant, await askForMail(held.tenant));
    await deliveredMail(held.tenant);
    await expectStopped(held, "password_changed");
  });

  test("a password that an administrator sets", async () => {
    const held = await someoneHeld();
    const admin = actingWith(held.tenant, ...(await everythingOf(held)));
    await setPassword(admin, {
      memberId: held.member.id,
      tick: "on",
      newPassword: "violet anchor 3 drum",
      confirmPassword: "violet anchor 3 drum",
    });
    await expectStopped(held, "password_changed");
  });

  test("a freeze (B10)", async () => {
    const held = await someoneHeld();
    await promise(held.tenant, held.member, { template: "password-changed" });
    await freezeBy(held.tenant, wayOutOf(await oneMail(held.tenant)));
    await expectStopped(held, "frozen");
  });

  test("disabling, after which enabling brings the second factors back, and not the reset (D7)", async () => {
    const held = await someoneHeld();
    const admin = actingWith(held.tenant, ...(await everythingOf(held)));
    await aMember(held.tenant, { password: GOOD_PASSWORD });
    await setAccess(admin, { memberId: held.member.id, status: "disabled" });
    await setAccess(admin, { memberId: held.member.id, status: "enabled" });
    expect((await owingIn(held.tenant)).pending?.duties).toEqual(["second_factor"]);
    await expectStopped(held, "member_disabled");
  });

  test("deleting", async () => {
    const held = await someoneHeld();
    const admin = actingWith(held.tenant, ...(await everythingOf(held)));
    await aMember(held.tenant, { password: GOOD_PASSWORD });
    await deleteMember(admin, { memberId: held.member.id });
    await expectStopped(held, "member_deleted");
  });

  test("and not by being opened, however often (B3)", async () => {
    const held = await someoneHeld();
    const before = await contentsOf(held.tenant);
    for (let visit = 0; visit < 20; visit += 1)
      await describeFactorHold(visitorOf(held.tenant), held.wayOut.token);
    expect(await contentsOf(held.tenant)).toEqual(before);
  });

  test.each([undefined, "123", "12345", "abcd"])("and not by %j, which counts no try", async (code) => {
    const held = await someoneHeld();
    const error = await refused(held.tenant, () => keepBy(held, { ...held.wayOut, code }));
    expect(Object.keys(error.fieldErrors)).toEqual(["code"]);
  });

  test("and not by wrong digits, of which five are counted", async () => {
    const held = await someoneHeld();
    for (let step = 1; step <= 5; step += 1) {
      const code = otherDigits(held.wayOut.code, step);
      expect(await keepBy(held, { ...held.wayOut, code })).toMatchObject({ attemptsLeft: 5 - step });
    }
    expect(await keepBy(held, held.wayOut)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await resetRow(held.requestId)).toMatchObject({ status: "held" });
    expect(await refusalsOf(held.tenant, "factor_reset.cancelled")).toHaveLength(6);
  });

  test("and not by the link of another firm (A1), nor for a source that goes on trying", async () => {
    const held = await someoneHeld();
    expect(await keepBy({ tenant: await aTenant() }, held.wayOut)).toMatchObject({ state: "unknown" });
    await clock.stop();
    const made = { token: "A".repeat(43), code: "1234" };
    for (let time = 0; time < 60; time += 1) await keepBy(held, made);
    expect(await refused(held.tenant, () => keepBy(held, made))).toMatchObject({ code: "rate_limited" });
    expect(await keepBy(held, held.wayOut, "198.51.100.1")).toMatchObject({ outcome: "cancelled" });
  });
});

/** All that an administrator holds. */
async function everythingOf({ tenant }: Held) {
  const member = await aMember(tenant, { password: GOOD_PASSWORD });
  const { actor } = await contextOf(tenant, await signIn(tenant, member.username, GOOD_PASSWORD));
  return [...(actor?.permissions ?? [])];
}

describe("when the day is over nothing is taken away, and the reset says why,", () => {
  test.each([
    ["switched_off", ({ tenant }: Held) => withOptions(tenant, { lostDeviceReset: false })],
    ["federated", ({ tenant, member }: Held) => alter(tenant, member, { connectionId: crypto.randomUUID() })],
    ["disabled", ({ tenant, member }: Held) => alter(tenant, member, { frozenAt: new Date() })],
    [
      "address_changed",
      ({ tenant, member }: Held) => alter(tenant, member, { email: "x@y.example", emailKey: "x@y.example" }),
    ],
    [
      "owner_not_told",
      ({ tenant }: Held) => owner()`
        update outbox_emails set status = 'suppressed' where tenant_id = ${tenant.id}`,
    ],
  ] as const)("where it cannot be any more: %s", async (reason, meanwhile) => {
    const held = await someoneHeld();
    await meanwhile(held);
    await clock.travel(DAY);
    expect(await apply(held)).toBe(0);
    expect(await factorsOf(held)).toEqual(ALL_FACTORS);
    expect(await resetRow(held.requestId)).toMatchObject({ status: "cancelled", ended_reason: reason });
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({ event: "factor_reset.cancelled", reason });
  });
});

describe("the owner has had time to hear of it:", () => {
  test("while the mail server is away nothing is taken away, and the notice says the later day", async () => {
    await clock.stop();
    const asked = await someoneAsked();
    await confirm(asked, asked.mail);
    breakMail({ at: "recipient", code: 450 });
    await deliveredMail(asked.tenant);
    await clock.travel(DAY);
    expect(await apply(asked)).toBe(0);
    expect((await auditOf(asked.tenant)).at(-1)).toMatchObject({ event: "factor_reset.postponed" });
    breakMail(undefined);
    const row = (await outboxOf(asked.tenant)).find(({ template }) => template === "factor-reset-held");
    const until = (await resetRow(asked.requestId))?.held_until as Date;
    expect(row?.props).toEqual({ at: until.toISOString() });
    const wayOut = wayOutOf(await oneMail(asked.tenant));
    await clock.travel(DAY - SECOND);
    expect(await keepBy(asked, wayOut)).toMatchObject({ outcome: "cancelled" });
  });

  test("a notice that left hours late leaves 23 of them", async () => {
    await clock.stop();
    const asked = await someoneAsked();
    await confirm(asked, asked.mail);
    await clock.travel(10 * HOUR);
    await oneMail(asked.tenant);
    await clock.travel(14 * HOUR);
    expect(await apply(asked)).toBe(0);
    await clock.travel(9 * HOUR - SECOND);
    expect(await apply(asked)).toBe(0);
    await clock.travel(SECOND);
    expect(await apply(asked)).toBe(1);
  });
});
