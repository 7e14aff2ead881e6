import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { unfreezeAsOperator } from "#lib/auth/freeze/unfreeze-as-operator.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { operatorContext } from "#lib/tenancy/operator-context.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { changed, freezeBy, someoneWithNotice } from "#tests/support/notices.ts";
import { auditOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const CONTACT = ["contacts:reset"] as const;
const STAFF = ["contacts:reset", "members:reset"] as const;

async function someoneFrozen(wanted: Parameters<typeof someoneWithNotice>[0] = { kind: "contact" }) {
  const someone = await someoneWithNotice(wanted);
  await freezeBy(someone.tenant, someone.wayOut);
  const unfreeze = (...permissions: Permission[]) =>
    unfreezeAccount(actingWith(someone.tenant, ...permissions), { memberId: someone.member.id });
  return { ...someone, unfreeze };
}

describe("whoever may send a reset opens a frozen account again (B10)", () => {
  test.each([
    ["a contact's", { kind: "contact" }, CONTACT],
    ["a member of the staff's", { kind: "staff" }, STAFF],
  ] as const)("%s, and its owner gets the way in", async (_, wanted, permissions) => {
    const { tenant, member, unfreeze } = await someoneFrozen(wanted);
    expect(await unfreeze(...permissions)).toEqual({ id: member.id, notMailed: undefined });
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([member.emailKey]);
    const chosen = { newPassword: "purple kettle 5 lemon", confirmPassword: "purple kettle 5 lemon" };
    expect(await outcomeOf(redeem(tenant, mail, chosen))).toBe("reset");
    const identifier = member.username;
    const session = await signInWithPassword(visitorOf(tenant), { identifier, password: chosen.newPassword });
    expect(session).toMatchObject({ outcome: "signed_in" });
  });

  test("the password that was there, perhaps a thief's, opens nothing ever after", async () => {
    const { tenant, member, unfreeze } = await someoneFrozen();
    await unfreeze(...CONTACT);
    const typed = { identifier: member.username, password: OTHER_PASSWORD };
    const result = await signInWithPassword(visitorOf(tenant), typed);
    expect(result).toMatchObject({ outcome: "refused", reason: "temporary_password_over" });
    expect((await rowsOf(tenant)).sessions?.filter(({ revoked_at }) => revoked_at === null)).toEqual([]);
  });

  test("its request in the queue is done, and the audit log names who did it", async () => {
    const { tenant, member, unfreeze } = await someoneFrozen();
    await unfreeze(...CONTACT);
    expect((await rowsOf(tenant)).recovery_requests).toMatchObject([
      { origin: "frozen", status: "done", closed_reason: "unfrozen" },
    ]);
    expect((await auditOf(tenant)).filter(({ event }) => event === "account.unfrozen")).toMatchObject([
      { actorKind: "member", targetId: member.id, detail: { mailed: true } },
    ]);
  });

  test("notices from before freeze it no more", async () => {
    const someone = await someoneWithNotice({ kind: "contact" });
    const { tenant, member } = someone;
    const { wayOut } = await changed(tenant, member, [OTHER_PASSWORD, "purple kettle 5 lemon"]);
    await freezeBy(tenant, wayOut);
    await unfreezeAccount(actingWith(tenant, ...CONTACT), { memberId: member.id });
    expect(await freezeBy(tenant, someone.wayOut)).toMatchObject({ outcome: "dead", state: "unknown" });
    await requestReset(visitorOf(tenant), { identifier: member.username });
    expect(await deliveredMail(tenant)).not.toEqual([]);
  });

  test.each([
    ["disabled", { status: "disabled" }],
    ["no_address", { email: null, emailKey: null }],
  ] as const)("and hears why no mail goes: %s", async (reason, changes) => {
    const { tenant, member, unfreeze } = await someoneFrozen();
    await alter(tenant, member, changes);
    expect(await unfreeze(...CONTACT)).toEqual({ id: member.id, notMailed: reason });
    expect(await deliveredMail(tenant)).toEqual([]);
    expect((await outboxOf(tenant)).at(-1)).toMatchObject({ status: "suppressed", reason });
  });

  test("and hears that the address has had its five mails (B11)", async () => {
    const { tenant, member, unfreeze } = await someoneFrozen();
    await clock.stop();
    for (let time = 0; time < 5; time += 1) {
      await requestReset(visitorOf(tenant), { identifier: member.username });
    }
    expect(await unfreeze(...CONTACT)).toMatchObject({ notMailed: "too_many_mails" });
  });
});

describe("whoever runs the portal opens one that nobody of the firm can open", () => {
  test.each(["username", "email"] as const)("by its %s; its owner gets the way in (B10)", async (by) => {
    const { tenant, member } = await someoneFrozen({ kind: "staff" });
    const result = await unfreezeAsOperator(operatorContext(tenant), { identifier: member[by] });
    expect(result).toEqual({ id: member.id, notMailed: undefined });
    expect((await oneMail(tenant)).to).toEqual([member.emailKey]);
    expect((await auditOf(tenant)).find(({ event }) => event === "account.unfrozen")).toMatchObject({
      actorKind: "operator",
      targetId: member.id,
      detail: { mailed: true },
    });
    expect((await rowsOf(tenant)).recovery_requests).toMatchObject([{ status: "done" }]);
  });

  test("and nobody else: neither a visitor nor an Administrator", async () => {
    const { tenant, member } = await someoneFrozen();
    const typed = { identifier: member.username };
    for (const ctx of [visitorOf(tenant), actingWith(tenant, ...STAFF)]) {
      const error = await refused(tenant, () => unfreezeAsOperator(ctx, typed));
      expect(error).toMatchObject({ code: "forbidden", reason: "not_the_system" });
    }
  });

  test("and not one that is not frozen, of another firm, or nobody's", async () => {
    const { tenant, member } = await someoneFrozen();
    const other = await aTenant();
    const open = (of: typeof tenant, identifier: string) =>
      refused(of, () => unfreezeAsOperator(operatorContext(of), { identifier }));
    expect(await open(other, member.username)).toMatchObject({ code: "not_found" });
    expect(await open(tenant, "nobody")).toMatchObject({ code: "not_found" });
    const { username } = await aMember(tenant);
    expect(await open(tenant, username)).toMatchObject({ code: "conflict" });
  });
});

describe("is refused, and the account stays frozen:", () => {
  test("to staff who may not reset contacts", async () => {
    const { tenant, unfreeze } = await someoneFrozen();
    const error = await refused(tenant, () => unfreeze("members:reset", "recovery:manage"));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(tenant, "account.unfrozen")).toEqual(["needs_contacts:reset"]);
  });

  test("for a staff account, to whoever may reset contacts only", async () => {
    const { tenant, unfreeze } = await someoneFrozen({ kind: "staff" });
    const error = await refused(tenant, () => unfreeze(...CONTACT));
    expect(error).toMatchObject({ code: "forbidden", reason: "needs_members:reset" });
  });

  test("for an account that is not frozen", async () => {
    const tenant = await aTenant();
    const { id: memberId } = await aMember(tenant, { kind: "contact" });
    const ctx = actingWith(tenant, ...CONTACT);
    const error = await refused(tenant, () => unfreezeAccount(ctx, { memberId }));
    expect(error).toMatchObject({ code: "conflict", status: 409 });
  });

  test("for a person of another firm, who is like one who never was (SEC58)", async () => {
    const { member } = await someoneFrozen();
    const tenant = await aTenant();
    const ctx = actingWith(tenant, ...STAFF);
    const forStranger = await refused(tenant, () => unfreezeAccount(ctx, { memberId: member.id }));
    const forNobody = await refused(tenant, () => unfreezeAccount(ctx, { memberId: crypto.randomUUID() }));
    expect(forStranger).toMatchObject({ code: "not_found", status: 404 });
    expect(forStranger.message).toBe(forNobody.message);
  });

  test.each([
    ["no id", {}],
    ["no uuid", { memberId: "1" }],
  ])("for %s", async (_, input) => {
    const tenant = await aTenant();
    const error = await refused(tenant, () => unfreezeAccount(actingWith(tenant, ...CONTACT), input));
    expect(error).toMatchObject({ code: "invalid" });
  });
});
