import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { callAcrossTenants, withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR, SECOND } from "#lib/core/clock.ts";
import type { MemberContext } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { applyHeldAddresses } from "#lib/members/recovery/apply-held-addresses.ts";
import { cancelHeldAddress } from "#lib/members/recovery/cancel-held-address.ts";
import { declineRequest } from "#lib/members/recovery/decline-request.ts";
import { describeHold } from "#lib/members/recovery/describe-hold.ts";
import { withdrawProposal } from "#lib/members/recovery/withdraw-proposal.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { NOTICES_TO_FREEZE_BY } from "#lib/outbox/templates.tsx";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  approve,
  NEW_ADDRESS,
  OLD_ADDRESS,
  propose,
  requestOf,
  rowOf,
  someoneHeld,
  someoneWithoutMailbox,
} from "#tests/support/help.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { changed, freezeBy, otherDigits, type WayOut, wayOutOf } from "#tests/support/notices.ts";
import { auditOf, contentsOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, groupOf, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Held = Awaited<ReturnType<typeof someoneHeld>>;

const apply = ({ tenant }: Pick<Held, "tenant">) => applyHeldAddresses(tenant.id);

const stop = ({ tenant }: Pick<Held, "tenant">, wayOut: Partial<WayOut>, source?: string) =>
  cancelHeldAddress(visitorOf(tenant, { source }), wayOut);

const of = ({ actor }: MemberContext) => ({ id: actor.memberId }) as Member;

const firmsWithHeld = async () =>
  (await callAcrossTenants<{ tenant_id: string; chore: string }>(sql`select * from list_chores()`))
    .filter(({ chore }) => chore === "apply_held_addresses")
    .map(({ tenant_id }) => tenant_id);

describe("when a day is over the new address takes effect (B12)", () => {
  test("not a second before it, and at that moment; the worker hears of the firm then", async () => {
    await clock.stop();
    const held = await someoneHeld();
    await clock.travel(24 * HOUR - SECOND);
    expect(await apply(held)).toBe(0);
    expect(await firmsWithHeld()).not.toContain(held.tenant.id);
    expect(await rowOf(held.member)).toMatchObject({ email: OLD_ADDRESS });
    await clock.travel(SECOND);
    expect(await firmsWithHeld()).toContain(held.tenant.id);
    expect(await apply(held)).toBe(1);
    expect(await rowOf(held.member)).toMatchObject({
      email: NEW_ADDRESS,
      email_key: NEW_ADDRESS,
      username: "robin",
    });
    expect(await requestOf(held.requestId)).toMatchObject({ status: "done", closed_reason: "applied" });
    expect(await firmsWithHeld()).not.toContain(held.tenant.id);
  });

  test("a username that was the address goes with it (DEC10)", async () => {
    const held = await someoneHeld({ username: OLD_ADDRESS });
    await clock.travel(24 * HOUR);
    await apply(held);
    expect(await rowOf(held.member)).toMatchObject({ username: NEW_ADDRESS, username_key: NEW_ADDRESS });
  });

  test("the new address is told, and gets the way in; the old one gets nothing any more", async () => {
    const held = await someoneHeld();
    const { tenant } = held;
    await clock.travel(24 * HOUR);
    await apply(held);
    const mails = await deliveredMail(tenant);
    expect(mails.map(({ to }) => to)).toEqual([[NEW_ADDRESS], [NEW_ADDRESS]]);
    const [credentials] = mails.filter(({ link }) => link.includes("/reset-password/"));
    if (!credentials) throw new Error("There was no mail with the way in.");
    expect(await outcomeOf(redeem(tenant, credentials))).toBe("reset");
    const typed = { identifier: NEW_ADDRESS, password: OTHER_PASSWORD };
    expect(await signInWithPassword(visitorOf(tenant), typed)).toMatchObject({ outcome: "signed_in" });
    await requestReset(visitorOf(tenant), { identifier: OLD_ADDRESS });
    expect((await deliveredMail(tenant)).map(({ to }) => to)).toEqual([[NEW_ADDRESS]]);
  });

  test("sessions, known browsers, mailed links and old notices are out (B10, DEC8)", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, member, alan, requestId } = helped;
    const { session, wayOut: notice } = await changed(tenant, member);
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const mailed = await oneMail(tenant);
    await propose(helped);
    await approve(alan, requestId);
    await deliveredMail(tenant);
    await owner()`update outbox_emails set sent_at = sent_at - interval '24 hours' where subject_id = ${requestId}`;
    await owner()`update recovery_requests set held_until = portal_now() - interval '1 second' where id = ${requestId}`;
    expect(await apply(helped)).toBe(1);
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect((await rowsOf(tenant)).known_devices).toEqual([]);
    expect(await outcomeOf(redeem(tenant, mailed))).toBe("unknown");
    expect(await freezeBy(tenant, notice)).toMatchObject({ outcome: "dead" });
  });

  test("a link to the old address that was still to be sent is not sent", async () => {
    const held = await someoneHeld();
    await clock.travel(24 * HOUR);
    await requestReset(visitorOf(held.tenant), { identifier: "robin" });
    await apply(held);
    expect((await deliveredMail(held.tenant)).map(({ to }) => to)).toEqual([[NEW_ADDRESS], [NEW_ADDRESS]]);
  });

  test("the product is named in the audit log, with the request", async () => {
    const held = await someoneHeld();
    await clock.travel(24 * HOUR);
    await apply(held);
    expect((await auditOf(held.tenant)).find(({ event }) => event === "recovery.applied")).toMatchObject({
      actorKind: "system",
      targetId: held.member.id,
      detail: { request: held.requestId },
    });
  });

  test("once, however many workers come at it", async () => {
    const held = await someoneHeld();
    await clock.travel(24 * HOUR);
    const numbers = await Promise.all(Array.from({ length: 5 }, () => apply(held)));
    expect(numbers.toSorted()).toEqual([0, 0, 0, 0, 1]);
    expect(await deliveredMail(held.tenant)).toHaveLength(2);
    expect(await apply(held)).toBe(0);
  });

  test("a frozen account is opened by it: two people have looked into it (B10)", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, member, ada, alan } = helped;
    const { wayOut } = await changed(tenant, member);
    await freezeBy(tenant, wayOut);
    const { id } =
      (
        await owner()`select id from recovery_requests where member_id = ${member.id} and origin = 'frozen'`
      )[0] ?? {};
    await propose({ ...helped, ada, requestId: id as string });
    await approve(alan, id as string);
    await deliveredMail(tenant);
    await clock.travel(24 * HOUR);
    await apply(helped);
    expect(await rowOf(member)).toMatchObject({ email: NEW_ADDRESS, frozen_at: null });
    expect((await deliveredMail(tenant)).filter(({ link }) => link)).toHaveLength(1);
    expect(await requestOf(id as string)).toMatchObject({ status: "done" });
  });

  test("a disabled account gets it, and no mail with a way in", async () => {
    const held = await someoneHeld();
    await alter(held.tenant, held.member, { status: "disabled" });
    await clock.travel(24 * HOUR);
    expect(await apply(held)).toBe(1);
    expect((await outboxOf(held.tenant)).at(-1)).toMatchObject({ status: "suppressed", reason: "disabled" });
  });
});

describe("the day begins when the notice to the old address has left (B12)", () => {
  async function heldWithoutMail() {
    const helped = await someoneWithoutMailbox();
    await propose(helped);
    await approve(helped.alan, helped.requestId);
    return helped;
  }

  test("while the mail server is away nothing is applied; its digits are good for the whole day then", async () => {
    await clock.stop();
    const held = await heldWithoutMail();
    const { tenant, member, requestId } = held;
    breakMail({ at: "recipient", code: 450 });
    await deliveredMail(tenant);
    await clock.travel(23 * HOUR);
    breakMail(undefined);
    const wayOut = wayOutOf(await oneMail(tenant));
    await clock.travel(HOUR);
    expect(await apply(held)).toBe(0);
    expect(await rowOf(member)).toMatchObject({ email: OLD_ADDRESS });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "recovery.postponed",
      targetId: member.id,
      reason: "old_address_not_told",
    });
    await clock.travel(23 * HOUR - SECOND);
    expect(await apply(held)).toBe(0);
    expect(await stop(held, wayOut)).toMatchObject({ outcome: "cancelled" });
    expect(await requestOf(requestId)).toMatchObject({ status: "cancelled" });
  });

  test("and while it waits to be sent it is not taken back", async () => {
    const held = await heldWithoutMail();
    await clock.travel(25 * HOUR);
    expect(await apply(held)).toBe(0);
    expect(await firmsWithHeld()).not.toContain(held.tenant.id);
    expect(await outboxOf(held.tenant)).toMatchObject([{ template: "address-held", status: "queued" }]);
    const wayOut = wayOutOf(await oneMail(held.tenant));
    await clock.travel(24 * HOUR - 10 * SECOND);
    expect(await apply(held)).toBe(0);
    expect(await describeHold(visitorOf(held.tenant), wayOut.token)).toMatchObject({ state: "live" });
    await clock.travel(HOUR);
    expect(await apply(held)).toBe(1);
  });

  test("an old address that the mail server does not know any more holds nothing up", async () => {
    const held = await heldWithoutMail();
    breakMail({ at: "recipient", code: 550 });
    await deliveredMail(held.tenant);
    breakMail(undefined);
    await clock.travel(24 * HOUR);
    expect(await apply(held)).toBe(1);
  });

  test("somebody without any address gets the new one when the day is over", async () => {
    const helped = await someoneWithoutMailbox({ withoutAddress: true });
    await propose(helped);
    await approve(helped.alan, helped.requestId);
    await clock.travel(24 * HOUR);
    expect(await apply(helped)).toBe(1);
  });

  test("a notice that will never leave stops the new address", async () => {
    const held = await heldWithoutMail();
    await owner()`update outbox_emails set status = 'suppressed' where tenant_id = ${held.tenant.id}`;
    await clock.travel(24 * HOUR);
    expect(await apply(held)).toBe(0);
    expect(await requestOf(held.requestId)).toMatchObject({
      status: "cancelled",
      closed_reason: "old_address_not_told",
    });
    expect(await rowOf(held.member)).toMatchObject({ email: OLD_ADDRESS });
  });
});

test("notices to freeze by that were still to go to the old address do not go there", async () => {
  const held = await someoneHeld();
  const { tenant, member } = held;
  await clock.travel(24 * HOUR);
  for (const template of NOTICES_TO_FREEZE_BY) {
    await withTenant(tenant.id, (db) =>
      enqueueEmail(db, {
        template,
        memberId: member.id,
        toAddress: OLD_ADDRESS,
        props: { at: "2026-11-22" },
      }),
    );
  }
  expect(await apply(held)).toBe(1);
  expect((await deliveredMail(tenant)).map(({ to }) => to)).toEqual([[NEW_ADDRESS], [NEW_ADDRESS]]);
});

describe("when a day is over nothing is changed, and the request says why,", () => {
  test.each([
    ["address_taken", (held: Held) => aMember(held.tenant, { email: NEW_ADDRESS })],
    [
      "address_changed_since",
      (held: Held) => alter(held.tenant, held.member, { email: "x@y.example", emailKey: "x@y.example" }),
    ],
    ["federated", (held: Held) => alter(held.tenant, held.member, { connectionId: crypto.randomUUID() })],
    ["proposer_disabled", (held: Held) => alter(held.tenant, of(held.ada), { status: "disabled" })],
    ["proposer_frozen", (held: Held) => alter(held.tenant, of(held.ada), { frozenAt: new Date() })],
    ["approver_disabled", (held: Held) => alter(held.tenant, of(held.alan), { status: "disabled" })],
    ["approver_frozen", (held: Held) => alter(held.tenant, of(held.alan), { frozenAt: new Date() })],
    [
      "approver_may_not",
      async ({ tenant, alan }: Held) =>
        alter(tenant, of(alan), { securityGroupId: await groupOf(tenant, "regular") }),
    ],
    ["approver_gone", ({ alan }: Held) => owner()`delete from members where id = ${alan.actor.memberId}`],
    [
      "proposer_may_not",
      // The account was promoted in the meantime, and who proposed it was not (SEC60).
      async ({ tenant, member, ada }: Held) => {
        const permissions: Permission[] = ["recovery:manage", "workspaces:enter"];
        const { securityGroupId } = await aMember(tenant, { permissions });
        await alter(tenant, of(ada), { securityGroupId });
        await alter(tenant, member, { kind: "staff", securityGroupId: await groupOf(tenant, "regular") });
      },
    ],
  ] as const)("where it cannot be any more: %s", async (reason, meanwhile) => {
    const held = await someoneHeld();
    await meanwhile(held);
    const before = await rowOf(held.member);
    await clock.travel(24 * HOUR);
    expect(await apply(held)).toBe(0);
    expect(await rowOf(held.member)).toEqual(before);
    expect(await requestOf(held.requestId)).toMatchObject({ status: "cancelled", closed_reason: reason });
    expect(await deliveredMail(held.tenant)).toEqual([]);
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({ event: "recovery.cancelled", reason });
  });

  test.each([
    ["taken back", (held: Held) => withdrawProposal(held.ada, { requestId: held.requestId })],
    ["refused", (held: Held) => declineRequest(held.alan, { requestId: held.requestId, reason: "No." })],
    ["stopped from the old address", (held: Held) => stop(held, held.wayOut)],
  ] as const)("where it was %s", async (_, meanwhile) => {
    const held = await someoneHeld();
    await meanwhile(held);
    await clock.travel(25 * HOUR);
    const before = await contentsOf(held.tenant);
    expect(await apply(held)).toBe(0);
    expect(await contentsOf(held.tenant)).toEqual(before);
  });
});

describe("the old address stops the new one by its link and four digits (B12, DEC9)", () => {
  test("until the day is over", async () => {
    const held = await someoneHeld();
    await clock.travel(24 * HOUR - 10 * SECOND);
    expect(await stop(held, held.wayOut)).toMatchObject({ outcome: "cancelled", memberId: held.member.id });
    expect(await requestOf(held.requestId)).toMatchObject({
      status: "cancelled",
      closed_reason: "old_address",
    });
    expect((await auditOf(held.tenant)).at(-1)).toMatchObject({
      event: "recovery.cancelled",
      actorKind: "visitor",
      targetId: held.member.id,
      reason: "old_address",
    });
  });

  test("and keeps what it opens: sessions stay", async () => {
    const held = await someoneHeld();
    const session = await signIn(held.tenant, "robin", GOOD_PASSWORD);
    await stop(held, held.wayOut);
    expect(await worthOf(held.tenant, session)).toBe("full");
  });

  test("and not once it is the account's", async () => {
    const held = await someoneHeld();
    await clock.travel(24 * HOUR);
    await apply(held);
    expect(await stop(held, held.wayOut)).toMatchObject({ outcome: "dead" });
    expect(await rowOf(held.member)).toMatchObject({ email: NEW_ADDRESS });
  });

  test("and not by being opened, however often (B3)", async () => {
    const held = await someoneHeld();
    const before = await contentsOf(held.tenant);
    for (let visit = 0; visit < 20; visit += 1) {
      expect(await describeHold(visitorOf(held.tenant), held.wayOut.token)).toMatchObject({ state: "live" });
    }
    expect(await contentsOf(held.tenant)).toEqual(before);
  });

  test.each([
    ["nothing", undefined],
    ["three digits", "123"],
    ["five digits", "12345"],
    ["letters", "abcd"],
  ])("and not without four digits, which counts no try: %s", async (_, code) => {
    const held = await someoneHeld();
    const error = await refused(held.tenant, () => stop(held, { ...held.wayOut, code }));
    expect(Object.keys(error.fieldErrors)).toEqual(["code"]);
  });

  test("and not with wrong digits, of which five are counted", async () => {
    const held = await someoneHeld();
    for (let step = 1; step <= 5; step += 1) {
      const result = await stop(held, { ...held.wayOut, code: otherDigits(held.wayOut.code, step) });
      expect(result).toMatchObject({ outcome: "wrong_code", attemptsLeft: 5 - step });
    }
    expect(await stop(held, held.wayOut)).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await requestOf(held.requestId)).toMatchObject({ status: "held" });
    expect(await refusalsOf(held.tenant, "recovery.cancelled")).toHaveLength(6);
  });

  test("and not in another firm (A1)", async () => {
    const held = await someoneHeld();
    expect(await stop({ tenant: await aTenant() }, held.wayOut)).toMatchObject({
      outcome: "dead",
      state: "unknown",
    });
  });

  test("and not by the link of a proposal that was taken back", async () => {
    const held = await someoneHeld();
    await withdrawProposal(held.ada, { requestId: held.requestId });
    await propose({ ...held, ada: held.alan });
    await approve(held.ada, held.requestId);
    expect(await stop(held, held.wayOut)).toMatchObject({ outcome: "dead" });
    expect(await requestOf(held.requestId)).toMatchObject({ status: "held" });
  });

  test("for a source that goes on trying, for a while", async () => {
    const held = await someoneHeld();
    await clock.stop();
    const made = { token: "A".repeat(43), code: "1234" };
    for (let time = 0; time < 60; time += 1) await stop(held, made);
    expect(await refused(held.tenant, () => stop(held, made))).toMatchObject({ code: "rate_limited" });
    expect(await stop(held, held.wayOut, "198.51.100.1")).toMatchObject({ outcome: "cancelled" });
  });

  test("a frozen account goes back into the queue with it", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, member } = helped;
    const { wayOut } = await changed(tenant, member);
    await freezeBy(tenant, wayOut);
    const [request] =
      await owner()`select id from recovery_requests where member_id = ${member.id} and origin = 'frozen'`;
    await propose({ ...helped, requestId: request?.id as string });
    await approve(helped.alan, request?.id as string);
    await stop(helped, wayOutOf(await oneMail(tenant)));
    const open = (await rowsOf(tenant)).recovery_requests?.filter(({ status }) => status === "open");
    expect(open?.map(({ origin }) => origin).toSorted()).toEqual(["frozen", "no_mailbox"]);
  });
});

test("freezing an account stops the new address that is on its way to it", async () => {
  const helped = await someoneWithoutMailbox();
  const { tenant, member, alan, requestId } = helped;
  const { wayOut } = await changed(tenant, member);
  await propose(helped);
  await approve(alan, requestId);
  await freezeBy(tenant, wayOut);
  expect(await requestOf(requestId)).toMatchObject({ status: "cancelled", closed_reason: "frozen" });
  expect(await deliveredMail(tenant)).toEqual([]);
  expect((await auditOf(tenant)).slice(-2)).toMatchObject([
    { event: "account.frozen" },
    { event: "recovery.cancelled", reason: "frozen", detail: { request: requestId } },
  ]);
  await clock.travel(25 * HOUR);
  expect(await apply(helped)).toBe(0);
});
