import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { SECOND } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

type Wanted = Parameters<typeof aMember>[1];

async function helping(
  wanted: Wanted = { kind: "contact", password: GOOD_PASSWORD },
  ...permissions: Permission[]
) {
  const tenant = await aTenant();
  const target = await aMember(tenant, wanted);
  const ctx = actingWith(tenant, ...(permissions.length > 0 ? permissions : (["contacts:reset"] as const)));
  const send = () => sendReset(ctx, { memberId: target.id });
  return { tenant, target, ctx, send };
}

describe("staff help a contact back in (002-06, B7)", () => {
  test("by a mail with a link and a code, which the audit log names them for", async () => {
    const { tenant, target, ctx, send } = await helping();
    expect(await send()).toMatchObject({ id: target.id, mailed: true });
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([target.emailKey]);
    expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
    expect((await auditOf(tenant))[0]).toMatchObject({
      event: "password_reset.sent",
      actorKind: "member",
      actorId: ctx.actor.memberId,
      targetId: target.id,
      detail: { mailed: true },
    });
  });

  test("and learn nothing of the secret (001-01)", async () => {
    const { tenant, send } = await helping();
    const answer = await send();
    const mail = await oneMail(tenant);
    expect(JSON.stringify([answer, await auditOf(tenant)])).not.toContain(mail.token);
    expect(JSON.stringify(answer)).not.toContain(mail.code);
  });

  test("by one mail, when the button is pressed twice", async () => {
    const { tenant, send } = await helping();
    await clock.stop();
    expect(await send()).toMatchObject({ mailed: true });
    expect(await send()).toMatchObject({ mailed: false });
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("by one mail, when ten press it at the same time", async () => {
    const { tenant, send } = await helping();
    await clock.stop();
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    expect(answers.filter(({ mailed }) => mailed)).toHaveLength(1);
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("by another mail after half a minute", async () => {
    const { tenant, send } = await helping();
    await clock.stop();
    await send();
    await clock.travel(30 * SECOND - 1);
    expect(await send()).toMatchObject({ mailed: false });
    await clock.travel(1);
    expect(await send()).toMatchObject({ mailed: true });
    expect(await deliveredMail(tenant)).toHaveLength(2);
  });

  test("by at most five mails an hour (DEC7)", async () => {
    const { tenant, send } = await helping();
    await clock.stop();
    for (let time = 0; time < 5; time += 1) {
      expect(await send()).toMatchObject({ mailed: true });
      await clock.travel(31 * SECOND);
    }
    expect(await refused(tenant, send)).toMatchObject({ code: "rate_limited", status: 429 });
    expect(await refusalsOf(tenant, "password_reset.sent")).toEqual(["too_many_mails"]);
  });
});

describe("is refused, and nothing is mailed:", () => {
  test("to staff who may not reset contacts", async () => {
    const { tenant, target } = await helping();
    const ctx = actingWith(tenant, "clients:read", "members:reset", "members:manage");
    const error = await refused(tenant, () => sendReset(ctx, { memberId: target.id }));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(tenant, "password_reset.sent")).toEqual(["needs_contacts:reset"]);
    expect(await deliveredMail(tenant)).toEqual([]);
  });

  test("for a staff account, to whoever may reset contacts only", async () => {
    const { tenant, send } = await helping({ kind: "staff" });
    expect(await refused(tenant, send)).toMatchObject({ code: "forbidden", reason: "needs_members:reset" });
    expect(await refusalsOf(tenant, "password_reset.sent")).toEqual(["needs_members:reset"]);
  });

  test.each([
    ["a disabled account", { kind: "contact", status: "disabled" }, /disabled/],
    ["a federated account (B9, E2)", { kind: "contact", federated: true }, /SSO/],
    ["an account without an address", { kind: "contact", withoutAddress: true }, /address/],
  ] as [string, Wanted, RegExp][])("for %s, and says what stands in the way", async (_, wanted, words) => {
    const { tenant, send } = await helping(wanted);
    const error = await refused(tenant, send);
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(error.message).toMatch(words);
  });

  test("for a person of another firm, who is like one who never was (SEC58)", async () => {
    const [own, other] = [await aTenant(), await aTenant()];
    const stranger = await aMember(other, { kind: "contact" });
    const ctx = actingWith(own, "contacts:reset", "members:reset");
    const forStranger = await refused(own, () => sendReset(ctx, { memberId: stranger.id }));
    const forNobody = await refused(own, () => sendReset(ctx, { memberId: crypto.randomUUID() }));
    expect(forStranger).toMatchObject({ code: "not_found", status: 404 });
    expect(forStranger.message).toBe(forNobody.message);
    expect(await deliveredMail(other)).toEqual([]);
  });

  test.each([
    ["no id", {}],
    ["no uuid", { memberId: "1" }],
    ["a list", { memberId: [crypto.randomUUID()] }],
  ])("for an input that names nobody: %s", async (_, input) => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "contacts:reset");
    expect(await refused(tenant, () => sendReset(ctx, input))).toMatchObject({ code: "invalid" });
  });
});

test("whoever may reset members helps staff back in", async () => {
  const { tenant, send } = await helping({ kind: "staff" }, "contacts:reset", "members:reset");
  expect(await send()).toMatchObject({ mailed: true });
  expect(await deliveredMail(tenant)).toHaveLength(1);
});
