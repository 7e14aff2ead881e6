import { describe, expect, test } from "vitest";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { undoReset } from "#lib/auth/reset/undo-reset.ts";
import { SECOND } from "#lib/core/clock.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

/** Two contacts; the second one's name can be another. */
async function twins(second: Wanted = {}) {
  const tenant = await aTenant();
  const one = await aMember(tenant, { kind: "contact", name: "Chris Lee" });
  const other = await aMember(tenant, { kind: "contact", name: "Chris Lee", ...second });
  const ctx = actingWith(tenant, "contacts:reset");
  return { tenant, one, other, ctx, send: () => sendReset(ctx, { memberId: one.id }) };
}

const heldUntil = async (emailId: string) => {
  const [row] = await owner()<{ run_at: Date }[]>`
    select run_at from graphile_worker._private_jobs where key = ${`email:${emailId}`}`;
  return row?.run_at;
};

describe("a mail to one of two people of the same name can be taken back (D5, 001-03)", () => {
  test("for ten seconds, in which no worker touches it", async () => {
    const now = await clock.stop();
    const { tenant, send } = await twins();
    const { mailed, undo } = await send();
    expect(mailed).toBe(true);
    expect(undo?.until).toEqual(new Date(now.getTime() + 10 * SECOND));
    expect(await heldUntil(undo?.emailId ?? "")).toEqual(undo?.until);
    expect(await outboxOf(tenant)).toMatchObject([{ status: "queued" }]);
  });

  test("and then no mail goes out at all, to either of them", async () => {
    const { tenant, one, ctx, send } = await twins();
    const { undo } = await send();
    const emailId = undo?.emailId ?? "";
    await undoReset(ctx, { emailId });
    await clock.travel(11 * SECOND);
    expect(await deliverEmail(tenant.id, emailId)).toBe("done");
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await outboxOf(tenant)).toMatchObject([{ status: "suppressed", reason: "taken_back" }]);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "password_reset.undone",
      actorId: ctx.actor.memberId,
      targetId: one.id,
    });
  });

  test("after which the right one can be mailed, and also the first one after all", async () => {
    await clock.stop();
    const { tenant, other, ctx, send } = await twins();
    const { undo } = await send();
    await undoReset(ctx, { emailId: undo?.emailId ?? "" });
    expect(await sendReset(ctx, { memberId: other.id })).toMatchObject({ mailed: true });
    expect(await send()).toMatchObject({ mailed: true });
    expect(await deliveredMail(tenant)).toHaveLength(2);
  });

  test("a second press still offers it, and sends nothing more", async () => {
    await clock.stop();
    const { send } = await twins();
    const { undo } = await send();
    expect(undo?.secondsLeft).toBe(10);
    expect(await send()).toEqual({ id: expect.any(String), mailed: false, undo });
  });

  test.each([
    ["whatever the case of their names", { name: "chris lee" }],
    ["also where the other one is staff", { kind: "staff" as const }],
  ])("%s", async (_, second) => {
    const { send } = await twins(second);
    expect((await send()).undo).toBeDefined();
  });
});

describe("nobody waits for nothing:", () => {
  test.each([
    ["somebody whose name nobody else has", { name: "Chris Leeds" }],
    ["somebody whose namesake is disabled", { status: "disabled" as const }],
  ])("%s is mailed at once", async (_, second) => {
    const { tenant, send } = await twins(second);
    expect((await send()).undo).toBeUndefined();
    expect(await outboxOf(tenant)).toMatchObject([{ status: "queued", not_before: null }]);
  });

  test("a namesake in another firm is none", async () => {
    const { tenant, send } = await twins({ name: "Somebody Else" });
    await aMember(await aTenant(), { kind: "contact", name: "Chris Lee" });
    await send();
    expect(await outboxOf(tenant)).toMatchObject([{ not_before: null }]);
  });
});

describe("is refused, and changes nothing:", () => {
  test("once the mail has left", async () => {
    const { tenant, ctx, send } = await twins();
    const { undo } = await send();
    const emailId = undo?.emailId ?? "";
    await deliverEmail(tenant.id, emailId);
    expect(await refused(tenant, () => undoReset(ctx, { emailId }))).toMatchObject({ code: "conflict" });
  });

  test("a mail that was never held", async () => {
    const { tenant, ctx, send } = await twins({ name: "Somebody Else" });
    await send();
    const [mail] = await outboxOf(tenant);
    const attempt = () => undoReset(ctx, { emailId: mail?.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("a mail of another firm (SEC58)", async () => {
    const { tenant, send } = await twins();
    const { undo } = await send();
    const own = await aTenant();
    const attempt = () => undoReset(actingWith(own, "contacts:reset"), { emailId: undo?.emailId });
    expect(await refused(own, attempt)).toMatchObject({ code: "not_found", status: 404 });
    expect(await outboxOf(tenant)).toMatchObject([{ status: "queued" }]);
  });

  test("a mail to staff, by whoever may reset contacts only", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { name: "Sue Ng" });
    await aMember(tenant, { name: "Sue Ng" });
    const both = actingWith(tenant, "contacts:reset", "members:reset");
    const { undo } = await sendReset(both, { memberId: member.id });
    const attempt = () => undoReset(actingWith(tenant, "contacts:reset"), { emailId: undo?.emailId });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:reset" });
    expect(await refusalsOf(tenant, "password_reset.undone")).toEqual(["needs_members:reset"]);
  });
});
