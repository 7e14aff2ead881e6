import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { Member } from "#lib/members/find-member.ts";
import { approveAddress } from "#lib/members/recovery/approve-address.ts";
import { declineRequest } from "#lib/members/recovery/decline-request.ts";
import { getRequest } from "#lib/members/recovery/get-request.ts";
import { proposeAddress } from "#lib/members/recovery/propose-address.ts";
import { withdrawProposal } from "#lib/members/recovery/withdraw-proposal.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  anAdministrator,
  approve,
  askForHelp,
  NEW_ADDRESS,
  OLD_ADDRESS,
  propose,
  requestOf,
  rowOf,
  shownOf,
  someoneHeld,
  someoneWithoutMailbox,
} from "#tests/support/help.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { wayOutOf } from "#tests/support/notices.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

const REGULAR: Permission[] = ["workspaces:enter", "clients:read", "reports:read"];

describe("one administrator proposes a new address, another approves it (B12)", () => {
  test("which changes nothing for a day, and the old address is told", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, member, ada, alan, requestId } = helped;
    const now = await clock.stop();
    await propose(helped);
    expect(await requestOf(requestId)).toMatchObject({
      status: "proposed",
      member_id: member.id,
      new_email_key: NEW_ADDRESS,
      old_email_key: OLD_ADDRESS,
      proposed_by: ada.actor.memberId,
    });
    await approve(alan, requestId);
    expect(await requestOf(requestId)).toMatchObject({
      status: "held",
      decided_by: alan.actor.memberId,
      held_until: new Date(now.getTime() + 24 * HOUR),
    });
    expect(await rowOf(member)).toMatchObject({ email: OLD_ADDRESS });
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([OLD_ADDRESS]);
    expect(mail.raw).not.toContain(NEW_ADDRESS);
    expect(wayOutOf(mail).code).toMatch(/^\d{4}$/);
  });

  test("each step is in the audit log, with who did it, and without the address in full", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, ada, alan, member, requestId } = helped;
    await propose(helped);
    await approve(alan, requestId);
    const events = (await auditOf(tenant)).slice(1);
    expect(events).toMatchObject([
      {
        event: "recovery.proposed",
        actorId: ada.actor.memberId,
        targetId: member.id,
        detail: { request: requestId, address: "r***@n***.example" },
      },
      {
        event: "recovery.approved",
        actorId: alan.actor.memberId,
        targetId: member.id,
        detail: { request: requestId, address: "r***@n***.example" },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(NEW_ADDRESS);
  });

  test("the person is chosen where the typed name is nobody's", async () => {
    const helped = await someoneWithoutMailbox();
    const requestId = await askForHelp(helped.tenant, "the one from accounting");
    await propose({ ...helped, requestId });
    expect(await requestOf(requestId)).toMatchObject({ status: "proposed", member_id: helped.member.id });
  });

  test("for somebody without any address there is nobody to be told", async () => {
    const helped = await someoneWithoutMailbox({ withoutAddress: true });
    await propose(helped);
    await approve(helped.alan, helped.requestId);
    expect(await requestOf(helped.requestId)).toMatchObject({ status: "held", old_email_key: null });
    expect(await deliveredMail(helped.tenant)).toEqual([]);
  });
});

describe("a proposal is refused, and nothing is written:", () => {
  test("to whoever may not help people without a mailbox", async () => {
    const helped = await someoneWithoutMailbox();
    const ravi = actingWith(helped.tenant, "members:manage", "members:reset", "contacts:reset");
    const error = await refused(helped.tenant, () => propose({ ...helped, ada: ravi }));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(helped.tenant, "recovery.proposed")).toEqual(["needs_recovery:manage"]);
  });

  test("for an account that may do more than whoever proposes (SEC60)", async () => {
    const helped = await someoneWithoutMailbox({ kind: "staff", group: "administrator" });
    const helper = actingWith(helped.tenant, "recovery:manage", "members:read", "contacts:reset");
    const error = await refused(helped.tenant, () => propose({ ...helped, ada: helper }));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(helped.tenant, "recovery.proposed")).toEqual([
      expect.stringMatching(/^does_not_hold_/),
    ]);
  });

  test("for one's own account", async () => {
    const helped = await someoneWithoutMailbox({ kind: "staff" });
    const { tenant, member } = helped;
    const self = actingAs(tenant, member, ...helped.ada.actor.permissions);
    const error = await refused(tenant, () => propose({ ...helped, ada: self }));
    expect(error).toMatchObject({ code: "forbidden", reason: "own_account" });
    expect(await refusalsOf(tenant, "recovery.proposed")).toEqual(["own_account"]);
  });

  test.each([
    ["signs in by SSO", { connectionId: crypto.randomUUID() }, /SSO/],
    ["is disabled", { status: "disabled" }, /disabled/],
  ] as const)("for somebody who %s", async (_, changes, words) => {
    const helped = await someoneWithoutMailbox();
    await alter(helped.tenant, helped.member, changes);
    const error = await refused(helped.tenant, () => propose(helped));
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(error.message).toMatch(words);
  });

  test.each([
    ["what is no address", "robin", /not an e-mail address/],
    ["two addresses", `${NEW_ADDRESS},eve@evil.example`, /not an e-mail address/],
    ["a line end with a header", `${NEW_ADDRESS}\r\nBcc: eve@evil.example`, /not an e-mail address/],
    ["the address that is there", ` ${OLD_ADDRESS.toUpperCase()} `, /has now/],
  ])("with %s (INC5)", async (_, newEmail, words) => {
    const helped = await someoneWithoutMailbox();
    const error = await refused(helped.tenant, () => propose(helped, newEmail));
    expect(error).toMatchObject({ code: "invalid" });
    expect(error.fieldErrors.newEmail?.[0]).toMatch(words);
  });

  test("with another account's address, beside the field", async () => {
    const helped = await someoneWithoutMailbox();
    await aMember(helped.tenant, { email: NEW_ADDRESS });
    const error = await refused(helped.tenant, () => propose(helped, " Robin@NEW.example "));
    expect(error).toMatchObject({ code: "conflict", fieldErrors: { newEmail: [expect.any(String)] } });
  });

  test("for another person than the request names, and for nobody", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant } = helped;
    const other = await aMember(tenant, { kind: "contact" });
    const forOther = await refused(tenant, () => propose({ ...helped, member: other }));
    expect(forOther).toMatchObject({ code: "conflict" });
    const requestId = await askForHelp(tenant, "nobody");
    const { member: stranger } = await someoneWithoutMailbox();
    const forStranger = await refused(tenant, () => propose({ ...helped, requestId, member: stranger }));
    expect(forStranger).toMatchObject({ code: "invalid", fieldErrors: { memberId: [expect.any(String)] } });
  });

  test("while another new address is on its way to the same person", async () => {
    const helped = await someoneWithoutMailbox();
    await propose(helped);
    const requestId = await askForHelp(helped.tenant, "robin");
    const error = await refused(helped.tenant, () =>
      propose({ ...helped, requestId }, "robin@third.example"),
    );
    expect(error).toMatchObject({ code: "conflict" });
  });

  test("twice", async () => {
    const helped = await someoneWithoutMailbox();
    await propose(helped);
    expect(await refused(helped.tenant, () => propose(helped))).toMatchObject({ code: "conflict" });
  });

  test("for a request of another firm (SEC58)", async () => {
    const helped = await someoneWithoutMailbox();
    const other = await aTenant();
    const stranger = await anAdministrator(other);
    const error = await refused(other, () => propose({ ...helped, ada: stranger }));
    expect(error).toMatchObject({ code: "not_found", status: 404 });
    expect(await requestOf(helped.requestId)).toMatchObject({ status: "open" });
  });
});

describe("an approval is refused, and nothing is held:", () => {
  async function proposed(wanted?: Parameters<typeof someoneWithoutMailbox>[0]) {
    const helped = await someoneWithoutMailbox(wanted);
    await propose(helped);
    return { ...helped, agree: (ctx = helped.alan) => approve(ctx, helped.requestId) };
  }

  test("to the one who proposed it, whatever they may do (J4)", async () => {
    const { tenant, ada, agree } = await proposed();
    const error = await refused(tenant, () => agree(ada));
    expect(error).toMatchObject({ code: "forbidden", status: 403, reason: "same_person" });
    expect(error.message).toMatch(/another administrator/);
    expect(await refusalsOf(tenant, "recovery.approved")).toEqual(["same_person"]);
    expect(await deliveredMail(tenant)).toEqual([]);
  });

  test("by the database too, should the product forget it", async () => {
    const { requestId } = await proposed();
    const update = owner()`
      update recovery_requests set decided_by = proposed_by, status = 'held' where id = ${requestId}`;
    await expect(update).rejects.toThrow(/recovery_requests_two_people/);
  });

  test("to whoever may not help people without a mailbox", async () => {
    const { tenant, agree } = await proposed();
    const ravi = actingWith(tenant, "members:manage", "members:reset", "contacts:reset");
    expect(await refused(tenant, () => agree(ravi))).toMatchObject({ code: "forbidden" });
    expect(await refusalsOf(tenant, "recovery.approved")).toEqual(["needs_recovery:manage"]);
  });

  test("for an account that may do more than whoever approves (SEC60)", async () => {
    const { tenant, agree } = await proposed({ kind: "staff", group: "administrator" });
    const helper = actingWith(tenant, "recovery:manage");
    expect(await refused(tenant, () => agree(helper))).toMatchObject({ code: "forbidden" });
  });

  test("to the person whose account it is", async () => {
    const { tenant, member, ada, agree } = await proposed({ kind: "staff" });
    const self = actingAs(tenant, member, ...ada.actor.permissions);
    const error = await refused(tenant, () => agree(self));
    expect(error).toMatchObject({ code: "forbidden", reason: "own_account" });
  });

  test("when the address has been taken in the meantime, beside the field", async () => {
    const { tenant, agree } = await proposed();
    await aMember(tenant, { email: NEW_ADDRESS });
    const error = await refused(tenant, () => agree());
    expect(error).toMatchObject({ code: "conflict", fieldErrors: { newEmail: [expect.any(String)] } });
  });

  test("when the account has got another address in the meantime", async () => {
    const { tenant, member, agree } = await proposed();
    await alter(tenant, member, { email: "x@mail.example", emailKey: "x@mail.example" });
    expect(await refused(tenant, () => agree())).toMatchObject({ code: "conflict" });
  });

  test("before anything is proposed, and twice", async () => {
    const helped = await someoneWithoutMailbox();
    const agree = () => approve(helped.alan, helped.requestId);
    expect(await refused(helped.tenant, agree)).toMatchObject({ code: "conflict" });
    await propose(helped);
    await agree();
    expect(await refused(helped.tenant, agree)).toMatchObject({ code: "conflict" });
  });

  test("of an address that was not shown: it was taken back for another one on the same request", async () => {
    const { tenant, ada, alan, requestId, ...helped } = await proposed();
    const shown = await shownOf(requestId);
    await withdrawProposal(ada, { requestId });
    await propose({ ...helped, tenant, ada, alan, requestId }, "ada@evil.example");
    expect(await refused(tenant, () => approveAddress(alan, shown))).toMatchObject({ code: "conflict" });
    expect(await requestOf(requestId)).toMatchObject({ status: "proposed", decided_by: null });
    expect(await deliveredMail(tenant)).toEqual([]);
  });

  test.each([
    ["is disabled", "proposer_disabled", { status: "disabled" }],
    ["is frozen", "proposer_frozen", { frozenAt: new Date() }],
  ] as const)("when who proposed it %s by now", async (_, reason, changes) => {
    const { tenant, ada, agree } = await proposed();
    await alter(tenant, { id: ada.actor.memberId } as Member, changes);
    expect(await refused(tenant, () => agree())).toMatchObject({ code: "forbidden", reason });
    expect(await refusalsOf(tenant, "recovery.approved")).toEqual([reason]);
  });

  test("when who proposed it may not help any more, or is no longer there", async () => {
    const { tenant, ada, agree, requestId } = await proposed();
    const group = await groupOf(tenant, "regular");
    await alter(tenant, { id: ada.actor.memberId } as Member, { securityGroupId: group });
    expect(await refused(tenant, () => agree())).toMatchObject({ reason: "proposer_may_not" });
    await owner()`update recovery_requests set proposed_by = gen_random_uuid() where id = ${requestId}`;
    expect(await refused(tenant, () => agree())).toMatchObject({ reason: "proposer_gone" });
  });

  test("when the account may do more by now than who proposed it (SEC60)", async () => {
    const helped = await someoneWithoutMailbox({ kind: "staff", group: "read_only" });
    const { tenant, member, alan, requestId } = helped;
    const helper = await aMember(tenant, { permissions: ["recovery:manage", ...REGULAR] });
    await propose({ ...helped, ada: actingAs(tenant, helper, "recovery:manage", ...REGULAR) });
    await alter(tenant, member, { securityGroupId: await groupOf(tenant, "administrator") });
    const error = await refused(tenant, () => approve(alan, requestId));
    expect(error).toMatchObject({ code: "forbidden", reason: "proposer_may_not" });
  });

  test.each([
    ["has set the other's password", "password.set", "ada", "alan"],
    ["has changed the other's security", "member_security.changed", "ada", "alan"],
    ["was set a password by the other", "password.set", "alan", "ada"],
    ["has made the other's account", "member.created", "ada", "alan"],
    ["has given the other's account another address", "member.changed", "ada", "alan"],
    ["has let the other in again", "member.access_set", "ada", "alan"],
    ["has taken the other's second factors", "second_factors.reset", "ada", "alan"],
  ] as const)("for a week, when who proposed it %s", async (_, event, by, to) => {
    const { tenant, agree, ...two } = await proposed();
    const ids = { actorId: two[by].actor.memberId, targetId: two[to].actor.memberId };
    await owner()`
      insert into audit_events (tenant_id, event, actor_kind, actor_id, target_id, source, request_id, created_at)
      values (${tenant.id}, ${event}, 'member', ${ids.actorId}, ${ids.targetId}, 'test', 'test', portal_now())`;
    const error = await refused(tenant, () => agree());
    expect(error).toMatchObject({ code: "forbidden", reason: "made_by_proposer" });
    expect(await refusalsOf(tenant, "recovery.approved")).toEqual(["made_by_proposer"]);
    await clock.travel(7 * 24 * HOUR);
    await agree();
  });

  test("for another person than was shown, and without what was shown", async () => {
    const { tenant, alan, requestId } = await proposed();
    const shown = await shownOf(requestId);
    const forOther = { ...shown, memberId: crypto.randomUUID() };
    expect(await refused(tenant, () => approveAddress(alan, forOther))).toMatchObject({ code: "conflict" });
    expect(await refused(tenant, () => approveAddress(alan, { requestId }))).toMatchObject({
      code: "invalid",
    });
  });

  test("to all but one, when several approve at the same moment", async () => {
    const { tenant, agree } = await proposed();
    const others = await Promise.all(Array.from({ length: 5 }, () => anAdministrator(tenant)));
    const answers = await Promise.allSettled(others.map((ctx) => agree(ctx)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });
});

describe("a new address is taken back by whoever proposed it", () => {
  test("and the person is still to be helped, with another address", async () => {
    const held = await someoneHeld();
    const { tenant, ada, requestId } = held;
    await withdrawProposal(ada, { requestId });
    expect(await requestOf(requestId)).toMatchObject({
      status: "open",
      new_email: null,
      proposed_by: null,
      decided_by: null,
      held_until: null,
    });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "recovery.withdrawn" });
    await propose({ ...held, ada: held.alan }, "robin@third.example");
    await approve(ada, requestId);
    expect(wayOutOf(await oneMail(tenant)).token).not.toBe(held.wayOut.token);
  });

  test("and by nobody else: it is refused, and stays as it is", async () => {
    const helped = await someoneWithoutMailbox();
    const { tenant, alan, requestId } = helped;
    await propose(helped);
    const error = await refused(tenant, () => withdrawProposal(alan, { requestId }));
    expect(error).toMatchObject({ code: "forbidden", reason: "not_the_proposer" });
    expect(await refusalsOf(tenant, "recovery.withdrawn")).toEqual(["not_the_proposer"]);
  });

  test("and not before there is one", async () => {
    const { tenant, ada, requestId } = await someoneWithoutMailbox();
    expect(await refused(tenant, () => withdrawProposal(ada, { requestId }))).toMatchObject({
      code: "conflict",
    });
  });
});

describe("a request is refused with a reason", () => {
  const decline = (ctx: Parameters<typeof declineRequest>[0], requestId: string, reason: unknown) =>
    declineRequest(ctx, { requestId, reason });

  test.each(["open", "proposed", "held"])("while it is %s, and nothing of it is left", async (status) => {
    const helped = await someoneWithoutMailbox();
    const { tenant, member, ada, alan, requestId } = helped;
    if (status !== "open") await propose(helped);
    if (status === "held") await approve(alan, requestId);
    await decline(ada, requestId, "It was not her on the telephone.");
    expect(await requestOf(requestId)).toMatchObject({
      status: "refused",
      closed_reason: "It was not her on the telephone.",
    });
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await rowOf(member)).toMatchObject({ email: OLD_ADDRESS });
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("recovery.declined");
  });

  test.each([
    ["none", ""],
    ["201 characters", "1".repeat(201)],
    ["a list", ["no"]],
  ])("and not with %s", async (_, reason) => {
    const { tenant, ada, requestId } = await someoneWithoutMailbox();
    const error = await refused(tenant, () => decline(ada, requestId, reason));
    expect(Object.keys(error.fieldErrors)).toEqual(["reason"]);
  });

  test("and only once", async () => {
    const { tenant, ada, requestId } = await someoneWithoutMailbox();
    await decline(ada, requestId, "No.");
    expect(await refused(tenant, () => decline(ada, requestId, "No."))).toMatchObject({ code: "conflict" });
    expect(
      await refused(tenant, () =>
        proposeAddress(ada, { requestId, memberId: ada.actor.memberId, newEmail: NEW_ADDRESS }),
      ),
    ).toMatchObject({ code: "conflict" });
  });

  test.each([
    ["signs in by SSO", { connectionId: crypto.randomUUID() }],
    ["is disabled", { status: "disabled" }],
  ] as const)("also where the person %s", async (_, changes) => {
    const { tenant, member, ada, requestId } = await someoneWithoutMailbox();
    await alter(tenant, member, changes);
    await decline(ada, requestId, "No.");
    expect(await requestOf(requestId)).toMatchObject({ status: "refused" });
  });

  test("and not for one's own account, nor for one that may do more (SEC60)", async () => {
    const { tenant, member, ada, requestId } = await someoneWithoutMailbox({ kind: "staff" });
    const self = actingAs(tenant, member, ...ada.actor.permissions);
    const own = await refused(tenant, () => decline(self, requestId, "No."));
    expect(own).toMatchObject({ code: "forbidden", reason: "own_account" });
    const helper = actingWith(tenant, "recovery:manage");
    const more = await refused(tenant, () => decline(helper, requestId, "No."));
    expect(more).toMatchObject({ code: "forbidden", reason: expect.stringMatching(/^does_not_hold_/) });
    expect(await refusalsOf(tenant, "recovery.declined")).toHaveLength(2);
  });

  test("and not by whoever may not help people without a mailbox", async () => {
    const { tenant, requestId } = await someoneWithoutMailbox();
    const ravi = actingWith(tenant, "members:manage");
    expect(await refused(tenant, () => decline(ravi, requestId, "No."))).toMatchObject({ code: "forbidden" });
  });
});

test("a firm with one such administrator is told that a second one is needed", async () => {
  const tenant = await aTenant();
  const ada = await anAdministrator(tenant);
  const { id } = await aMember(tenant, { kind: "contact", username: "robin" });
  await aMember(tenant, { group: "regular" });
  await aMember(tenant, { status: "disabled" });
  const requestId = await askForHelp(tenant, "robin");
  expect(await getRequest(ada, requestId)).toMatchObject({ others: 0, member: { id } });
  await anAdministrator(tenant);
  expect(await getRequest(ada, requestId)).toMatchObject({ others: 1 });
});
