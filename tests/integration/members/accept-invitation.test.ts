import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { DAY, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { oneMail } from "#tests/support/mail.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { askForMail, outcomeOf, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

async function invited(password?: string) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password });
  await withTenant(tenant.id, (db) => enqueueInvitation(db, member));
  return { tenant, member, mail: await oneMail(tenant) };
}

const accept = (tenant: Tenant, token: unknown, newPassword: unknown = OTHER_PASSWORD, more: object = {}) =>
  acceptInvitation(visitorOf(tenant), { token, newPassword, confirmPassword: newPassword, ...more });

test("whoever is invited chooses the first password by the mailed link, and signs in with it", async () => {
  const { tenant, member, mail } = await invited();
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.link).toContain(`http://${tenant.slug}.portal.localhost:3000/invitation/`);
  expect(await accept(tenant, mail.token)).toEqual({
    outcome: "accepted",
    memberId: member.id,
    username: "robin",
  });
  expect((await signIn(tenant, "robin", OTHER_PASSWORD)).kind).toBe("full");
  const accepted = (await auditOf(tenant)).filter(({ event }) => event === "invitation.accepted");
  expect(accepted).toMatchObject([{ targetId: member.id }]);
});

test("the link lives seven days, short of a second", async () => {
  await clock.stop();
  const { tenant, mail } = await invited();
  await clock.travel(7 * DAY - SECOND);
  expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "accepted" });
});

test("the link has expired after seven days", async () => {
  await clock.stop();
  const { tenant, mail } = await invited();
  await clock.travel(7 * DAY);
  const before = await contentsOf(tenant);
  expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "dead", state: "expired" });
  expect(await contentsOf(tenant)).toEqual(before);
});

test("of fifty that accept at the same time one does (REL5)", async () => {
  const { tenant, mail } = await invited();
  const results = await Promise.all(Array.from({ length: 50 }, () => accept(tenant, mail.token)));
  expect(results.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
  expect(results.filter(({ outcome }) => outcome === "dead")).toHaveLength(49);
});

test("what somebody had set before the address was proven ends (SEC31, INC12)", async () => {
  const { tenant, member } = await invited(GOOD_PASSWORD);
  const squatter = await signIn(tenant, "robin", GOOD_PASSWORD);
  const reset = await askForMail(tenant);
  await withTenant(tenant.id, (db) => enqueueInvitation(db, member));
  const mail = await oneMail(tenant);
  expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "accepted" });
  expect(await worthOf(tenant, squatter)).toBe("revoked");
  await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("wrong_password");
  expect(await outcomeOf(redeem(tenant, reset))).toBe("superseded");
  expect(await owner()`select from known_devices where tenant_id = ${tenant.id}`).toHaveLength(0);
});

describe("is refused and leaves the invitation open:", () => {
  test.each([
    ["a weak password", ["password1"]],
    ["two that differ", [OTHER_PASSWORD, { confirmPassword: GOOD_PASSWORD }]],
    ["a list", [[OTHER_PASSWORD]]],
    ["a token that is no text", [OTHER_PASSWORD, { token: ["x"] }]],
  ] as [string, [unknown, object?]][])("%s", async (_, [password, more]) => {
    const { tenant, mail } = await invited();
    expect(await refused(tenant, () => accept(tenant, mail.token, password, more))).toMatchObject({
      code: "invalid",
    });
    expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "accepted" });
  });
});

describe("opens nothing:", () => {
  test("an invitation at another firm", async () => {
    const { mail } = await invited();
    expect(await accept(await aTenant(), mail.token)).toMatchObject({ outcome: "dead", state: "unknown" });
  });

  test("a reset link, which asks for its code too", async () => {
    const { tenant } = await invited(GOOD_PASSWORD);
    const reset = await askForMail(tenant);
    const before = await contentsOf(tenant);
    expect(await accept(tenant, reset.token)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("an invitation as a reset link", async () => {
    const { tenant, mail } = await invited();
    expect(await outcomeOf(redeem(tenant, { token: mail.token, code: "000000" }))).toBe("unknown");
  });

  test.each([
    ["of a member who was disabled", { status: "disabled" as const }],
    ["of a member who signs in by SSO now (B9)", { connectionId: crypto.randomUUID() }],
    ["to an address that is no longer the member's", { email: "x@mail.example", emailKey: "x@mail.example" }],
  ])("an invitation %s", async (_, changes) => {
    const { tenant, member, mail } = await invited();
    await alter(tenant, member, changes);
    const before = await contentsOf(tenant);
    expect(await accept(tenant, mail.token)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("an invitation that was accepted", async () => {
    const { tenant, mail } = await invited();
    await accept(tenant, mail.token);
    const before = await contentsOf(tenant);
    await clock.travel(MINUTE);
    expect(await accept(tenant, mail.token, "copper lantern 8 fig")).toMatchObject({
      outcome: "dead",
      state: "used",
    });
    expect(await contentsOf(tenant)).toEqual(before);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "invitation.accepted.refused",
      reason: "link_used",
    });
  });
});
