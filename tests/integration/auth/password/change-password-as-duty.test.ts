import { describe, expect, test } from "vitest";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, contextOf, pendingOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { oneMail } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

async function someoneWhoMustChange() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const before = await signIn(tenant, "robin", GOOD_PASSWORD);
  await alter(tenant, member, { mustChangePassword: true });
  const pending = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, before, pending, ctx: await contextOf(tenant, pending) };
}

const both = (newPassword: string) => ({ newPassword, confirmPassword: newPassword });

const canSignIn = (tenant: Tenant, password: string) =>
  signIn(tenant, "robin", password).then(
    ({ kind }) => kind,
    () => "refused",
  );

test("a new password does the duty and opens the portal under a new token (C7, SEC44)", async () => {
  const { tenant, member, pending, ctx } = await someoneWhoMustChange();

  const { session } = await changePasswordAsDuty(ctx, both(OTHER_PASSWORD));

  expect(session.kind).toBe("full");
  expect(session.token).not.toBe(pending.token);
  expect(await worthOf(tenant, session)).toBe("full");
  expect((await auditOf(tenant)).slice(-2)).toMatchObject([
    { event: "password.changed", targetId: member.id, reason: "duty" },
    { event: "session.started", targetId: member.id, detail: { kind: "full", session: session.sessionId } },
  ]);
  expect(await canSignIn(tenant, OTHER_PASSWORD)).toBe("full");
  expect(await canSignIn(tenant, GOOD_PASSWORD)).toBe("refused");
});

test("everything that the old password had opened is out, and its owner is told (B10, SEC7)", async () => {
  const { tenant, member, before, pending, ctx } = await someoneWhoMustChange();
  await changePasswordAsDuty(ctx, both(OTHER_PASSWORD));
  expect(await worthOf(tenant, before)).toBe("revoked");
  expect(await worthOf(tenant, pending)).toBe("revoked");
  const mail = await oneMail(tenant);
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.link).toBe("");
});

test("the duty is done once: of two requests with the same pending session one goes on", async () => {
  const { tenant, ctx } = await someoneWhoMustChange();
  const results = await Promise.allSettled([
    changePasswordAsDuty(ctx, both(OTHER_PASSWORD)),
    changePasswordAsDuty(ctx, both("copper lantern 8 fig")),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refusal = results.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(refusal.reason).toMatchObject({ code: "unauthenticated" });
  const changes = (await auditOf(tenant)).filter(({ event }) => event === "password.changed");
  expect(changes).toHaveLength(1);
});

describe("is refused and leaves the duty open:", () => {
  test.each([
    ["the password just typed", both(GOOD_PASSWORD), "newPassword"],
    ["a weak one", both("password1"), "newPassword"],
    ["a short one", both("x7#"), "newPassword"],
    ["one of 129 code points", both("quilt marble 7 otter".repeat(7)), "newPassword"],
    ["two that differ", { newPassword: OTHER_PASSWORD, confirmPassword: GOOD_PASSWORD }, "confirmPassword"],
    ["a single field", { newPassword: OTHER_PASSWORD }, "confirmPassword"],
    [
      "a repeated field (SEC28)",
      { newPassword: [OTHER_PASSWORD], confirmPassword: OTHER_PASSWORD },
      "newPassword",
    ],
    ["nothing", {}, "newPassword"],
  ])("%s", async (_, input, field) => {
    const { tenant, pending, ctx } = await someoneWhoMustChange();
    const error = await refused(tenant, () => changePasswordAsDuty(ctx, input));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toContain(field);
    expect(await worthOf(tenant, pending)).toBe("pending");
  });

  test("a pending session that somebody has ended", async () => {
    const { tenant, ctx, member } = await someoneWhoMustChange();
    await changePasswordAsDuty(ctx, both(OTHER_PASSWORD));
    await alter(tenant, member, { mustChangePassword: true });
    const again = () => changePasswordAsDuty(ctx, both("copper lantern 8 fig"));
    expect(await refused(tenant, again)).toMatchObject({ code: "unauthenticated" });
  });

  test("a pending session of another firm", async () => {
    const { pending, ctx } = await someoneWhoMustChange();
    const other = await aTenant();
    const forged = { ...ctx, tenant: other };
    const attempt = () => changePasswordAsDuty(forged, both(OTHER_PASSWORD));
    expect(await refused(other, attempt)).toMatchObject({ code: "unauthenticated" });
    expect(await worthOf(other, pending)).toBe("unknown");
  });

  test("whoever has no pending session, a full one included", async () => {
    const tenant = await aTenant();
    for (const ctx of [visitorOf(tenant), actingWith(tenant, "members:manage")]) {
      const attempt = () => changePasswordAsDuty(ctx, both(OTHER_PASSWORD));
      expect(await refused(tenant, attempt)).toMatchObject({
        code: "unauthenticated",
        reason: "no_pending_session",
      });
    }
  });
});

test("a duty that was left open for an hour begins with the sign-in again", async () => {
  const { tenant, pending } = await someoneWhoMustChange();
  await clock.travel(HOUR);
  expect((await contextOf(tenant, pending)).pending).toBeUndefined();
  expect(pendingOf(tenant).pending).toBeDefined();
});
