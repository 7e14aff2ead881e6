import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { requestUsername } from "#lib/auth/reset/request-username.ts";
import { linkAccount } from "#lib/auth/sso/link-account.ts";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { createMember } from "#lib/members/create-member-account.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { ask } from "#tests/support/api.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection } from "#tests/support/connections.ts";
import { actingWith, contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { enforced } from "#tests/support/enforcement.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { redeem } from "#tests/support/recovery.ts";
import { signInBy } from "#tests/support/sign-in-by.ts";
import { aMember, aTenant, GOOD_PASSWORD, groupOf, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const twice = { newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };

async function robinsFirm(wanted: Parameters<typeof aMember>[1] = {}) {
  const tenant = await aTenant();
  await aLiveConnection(tenant, { name: "Fabrikam Entra" });
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  return { tenant, member };
}

const sessionsOf = ({ id }: Tenant) =>
  owner()`select kind from sessions where tenant_id = ${id} and revoked_at is null and expires_at > portal_now()`;

const lastReason = async (tenant: Tenant) =>
  (await auditOf(tenant)).findLast(({ event }) => event === "sign_in.refused")?.reason;

describe("where SSO is the only way in, whoever has none does not get in (INC24)", () => {
  test("by a password, right or wrong, with the same answer, and no session", async () => {
    const { tenant } = await robinsFirm();
    await enforced(tenant);
    for (const password of [GOOD_PASSWORD, OTHER_PASSWORD]) {
      expect(await signInBy(tenant, "robin", password)).toBe("sso_required");
      expect(await lastReason(tenant)).toBe("sso_required");
    }
    expect(await sessionsOf(tenant)).toEqual([]);
  });

  test("by the API: byte for byte the answer that a name has which nobody has (SEC11)", async () => {
    const { tenant } = await robinsFirm();
    await enforced(tenant);
    const answers = [];
    for (const identifier of ["robin", "nobody"]) {
      const body = { identifier, password: GOOD_PASSWORD };
      const { status, text } = await ask(visitorOf(tenant), "POST /sessions", { body });
      answers.push({ status, text: text.replaceAll(/"requestId":"[^"]*"/g, "") });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(401);
    expect(await sessionsOf(tenant)).toEqual([]);
  });

  test("by a passkey", async () => {
    const { tenant, member } = await robinsFirm();
    const key = await withPasskey(tenant, member);
    expect(await signInBy(tenant, key)).toBe("signed_in");
    await enforced(tenant);
    expect(await signInBy(tenant, key)).toBe("sso_required");
  });

  test("by a temporary password that was mailed before", async () => {
    const { tenant } = await robinsFirm();
    await withOptions(tenant, { recoveryProfile: "temporary_password" });
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const { text } = await oneMail(tenant);
    const temporary = /^\s*([0-9A-Z]{4}(?:-[0-9A-Z]{4})+)\s*$/m.exec(text)?.[1] ?? "";
    await enforced(tenant);
    expect(await signInBy(tenant, "robin", temporary)).toBe("sso_required");
  });

  test("by a reset link that was mailed before, whose page is dead, too", async () => {
    const { tenant, member } = await robinsFirm();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    const mail = await oneMail(tenant);
    await enforced(tenant);
    const described = await describeLink(visitorOf(tenant), { purpose: "password_reset", token: mail.token });
    expect(described.state).toBe("unknown");
    expect(await redeem(tenant, mail)).toMatchObject({ outcome: "dead", state: "unknown" });
    const [credential] = await owner()`
      select changed_at = created_at as untouched from password_credentials where member_id = ${member.id}`;
    expect(credential).toBeDefined();
    await owner()`delete from sso_enforcements where tenant_id = ${tenant.id}`;
    expect(await signInBy(tenant, "robin", GOOD_PASSWORD)).toBe("signed_in");
  });

  test("by an invitation that was mailed before", async () => {
    const { tenant, member } = await robinsFirm({ password: undefined });
    const admin = actingWith(tenant, "contacts:reset", "members:reset");
    await resendCredentials(admin, { memberId: member.id });
    const { token } = await oneMail(tenant);
    await enforced(tenant);
    expect(await acceptInvitation(visitorOf(tenant), { token, ...twice })).toMatchObject({ outcome: "dead" });
    expect(await owner()`select from password_credentials where member_id = ${member.id}`).toHaveLength(0);
  });

  test("by a sign-in that was halfway when the moment came", async () => {
    const { tenant } = await robinsFirm({ mustChangePassword: true });
    const halfway = await signIn(tenant, "robin", GOOD_PASSWORD);
    const ctx = await contextOf(tenant, halfway);
    await enforced(tenant);
    const error = await refused(tenant, () => changePasswordAsDuty(ctx, twice));
    expect(error).toMatchObject({ code: "unauthenticated" });
  });

  test("by a session that was begun in the days before: it ends with them", async () => {
    const { tenant } = await robinsFirm({ mustChangePassword: true });
    await clock.stop();
    await enforced(tenant, "everybody", 5 * MINUTE);
    const halfway = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(await worthOf(tenant, halfway)).toBe("pending");
    await clock.travel(5 * MINUTE);
    expect(await worthOf(tenant, halfway)).toBe("expired");
  });

  test("by linking an account: that takes a sign-in of its own, which there is none of", async () => {
    const { tenant } = await robinsFirm();
    await enforced(tenant);
    const signedOut = visitorOf(tenant);
    expect(await refused(tenant, () => linkAccount(signedOut, { token: "t" }))).toMatchObject({
      code: "unauthenticated",
    });
  });
});

describe("whoever asks for a way in is told where it is, in a mail without a link (B9):", () => {
  const ASKED: Record<string, (tenant: Tenant) => Promise<unknown>> = {
    "a forgotten password": (tenant) => requestReset(visitorOf(tenant), { identifier: "robin" }),
    "a forgotten username": (tenant) => requestUsername(visitorOf(tenant), { email: "robin@mail.example" }),
  };

  test.each(Object.entries(ASKED))("%s", async (_, askFor) => {
    const { tenant } = await robinsFirm({ email: "robin@mail.example" });
    await enforced(tenant);
    await askFor(tenant);
    const mail = await oneMail(tenant);
    expect(mail.text).toContain("you sign in through Fabrikam Entra");
    expect(mail.text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    expect(await owner()`select from one_time_secrets where tenant_id = ${tenant.id}`).toHaveLength(0);
  });

  test.each(Object.entries(ASKED))("%s of a federated member names their own provider", async (_, askFor) => {
    const { tenant, member } = await robinsFirm({ email: "robin@mail.example", federated: true });
    await owner()`update connections set name = 'Their own Okta' where id = ${member.connectionId}`;
    await askFor(tenant);
    const mail = await oneMail(tenant);
    expect(mail.text).toContain("you sign in through Their own Okta");
    expect(mail.text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    expect(await owner()`select from one_time_secrets where tenant_id = ${tenant.id}`).toHaveLength(0);
  });

  test("the page in front says the same to everybody", async () => {
    const { tenant } = await robinsFirm();
    const before = await describeRecovery(visitorOf(tenant), "robin");
    await enforced(tenant);
    expect(await describeRecovery(visitorOf(tenant), "robin")).toEqual(before);
  });

  test("a reset that was promised before and not sent yet is not sent", async () => {
    const { tenant } = await robinsFirm();
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    await enforced(tenant);
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await outboxOf(tenant, "reset-password")).toMatchObject([{ status: "suppressed" }]);
  });

  test("staff cannot send one either, and read why", async () => {
    const { tenant, member } = await robinsFirm();
    await enforced(tenant);
    const admin = actingWith(tenant, "contacts:reset", "members:reset");
    const error = await refused(tenant, () => resendCredentials(admin, { memberId: member.id }));
    expect(error).toMatchObject({ code: "conflict", message: expect.stringContaining("by SSO alone") });
  });

  test("somebody new is not invited: there is nothing that an invitation would open", async () => {
    const { tenant } = await robinsFirm();
    await enforced(tenant);
    const securityGroupId = await groupOf(tenant, "read_only");
    const names = { name: "Nell New", username: "nell", email: "nell@mail.example" };
    const wish = { kind: "staff", ...names, securityGroupId, clientIds: [], invite: "on" };
    const everything = Object.keys(PERMISSIONS) as Permission[];
    expect(await createMember(actingWith(tenant, ...everything), wish)).toMatchObject({ invited: false });
    expect(await outboxOf(tenant, "invitation")).toEqual([]);
  });

  test("contacts go on as ever where it is for the staff alone", async () => {
    const { tenant } = await robinsFirm({ kind: "contact" });
    await enforced(tenant, "staff");
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    expect(await redeem(tenant, await oneMail(tenant))).toMatchObject({ outcome: "reset" });
    expect(
      await signInWithPassword(visitorOf(tenant), { identifier: "robin", password: OTHER_PASSWORD }),
    ).toMatchObject({ outcome: "signed_in" });
  });
});
