import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { explainSignIn, type SignInExplanation } from "#lib/members/explain-sign-in.ts";
import type { Member } from "#lib/members/find-member.ts";
import { openInvitation } from "#lib/members/invitations/open-invitation.ts";
import { revokeInvitation } from "#lib/members/invitations/revoke-invitation.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, contextOf, signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { secretOfNewApp, withRecoveryCodes } from "#tests/support/factors.ts";
import { oneMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { anotherCode, askForMail, redeem } from "#tests/support/recovery.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];
const admin = (tenant: Tenant) => actingWith(tenant, ...everything);

type Seed = (tenant: Tenant, robin: Member) => Promise<unknown>;
type Wanted = Parameters<typeof aMember>[1] & { withoutClient?: boolean };
type Part = "obstacles" | "afterwards" | "clues" | "fine";

const OWN: Wanted = { password: GOOD_PASSWORD };
const NEW: Wanted = {};

const send: Seed = (tenant, { id }) => resendCredentials(admin(tenant), { memberId: id });
const sendAndDeliver: Seed = async (tenant, robin) => {
  await send(tenant, robin);
  return oneMail(tenant);
};
const mailed = async (tenant: Tenant, robin: Member) =>
  (await sendAndDeliver(tenant, robin)) as Awaited<ReturnType<typeof oneMail>>;
const wrong = (tenant: Tenant, password = OTHER_PASSWORD) =>
  signInWithPassword(visitorOf(tenant), { identifier: "robin", password });

function failures(place: string, count: number): Seed {
  return (tenant, { id }) => owner()`
    insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
    values (${tenant.id}, ${id}, ${place}, ${count}, portal_now())`;
}

const mailFailed =
  (status: string, reason: string): Seed =>
  async (tenant, robin) => {
    await send(tenant, robin);
    await owner()`update outbox_emails set status = ${status}, reason = ${reason} where tenant_id = ${tenant.id}`;
  };

const ssoAlone =
  (inMinutes: number): Seed =>
  (tenant) =>
    owner()`
  insert into sso_enforcements (tenant_id, scope, enforced_from)
  values (${tenant.id}, 'everybody', portal_now() + make_interval(mins => ${inMinutes}))`;

const passwordUntil =
  (minutes: number): Seed =>
  (_, { id }) =>
    owner()`
  update password_credentials set changed_at = portal_now() - interval '48 hours' + make_interval(mins => ${minutes}),
         temporary_until = portal_now() + make_interval(mins => ${minutes}) where member_id = ${id}`;

async function temporary(tenant: Tenant, robin: Member): Promise<string> {
  await withOptions(tenant, { recoveryProfile: "temporary_password" });
  const { text } = await mailed(tenant, robin);
  return /^\s*([0-9A-Z]{4}(?:-[0-9A-Z]{4})+)\s*$/m.exec(text)?.[1] ?? "";
}

const CAUSES: [string, Wanted, Seed, Part, string][] = [
  ["disabled", OWN, (t, m) => alter(t, m, { status: "disabled" }), "obstacles", "disabled"],
  [
    "deleted",
    OWN,
    (t, m) => alter(t, m, { status: "disabled", deletedAt: new Date() }),
    "obstacles",
    "deleted",
  ],
  ["frozen", OWN, (t, m) => alter(t, m, { frozenAt: new Date() }), "obstacles", "frozen"],
  [
    "open again after a freeze, which ended the password",
    OWN,
    (_, { id }) =>
      owner()`update password_credentials set temporary_until = portal_now() where member_id = ${id}`,
    "obstacles",
    "password_ended",
  ],
  ["locked everywhere by strangers", OWN, failures("*", 100), "obstacles", "locked_everywhere"],
  ["locked from one place", OWN, failures("source:203.0.113.7", 10), "obstacles", "locked_place"],
  ["signs in by SSO", { federated: true }, async () => undefined, "obstacles", "federated"],
  ["the firm lets people in by SSO alone (G5)", OWN, ssoAlone(0), "obstacles", "sso_required"],
  ["the firm will let people in by SSO alone", OWN, ssoAlone(60), "afterwards", "sso_announced"],
  ["never invited", NEW, async () => undefined, "obstacles", "never_invited"],
  ["the invitation waits to be mailed", NEW, send, "obstacles", "mail_queued"],
  ["the invitation bounced", NEW, mailFailed("failed", "550 no"), "obstacles", "mail_bounced"],
  [
    "the invitation was held back",
    NEW,
    mailFailed("suppressed", "cancelled"),
    "obstacles",
    "mail_suppressed",
  ],
  ["invited, and not opened", NEW, sendAndDeliver, "obstacles", "invitation_unopened"],
  [
    "invited, opened, and no password chosen",
    NEW,
    async (t, m) => openInvitation(visitorOf(t), { token: (await mailed(t, m)).token }),
    "obstacles",
    "invitation_opened",
  ],
  [
    "the invitation ran out",
    NEW,
    async (t, m) => {
      await mailed(t, m);
      await clock.travel(8 * DAY);
    },
    "obstacles",
    "invitation_expired",
  ],
  [
    "the invitation was taken back",
    NEW,
    async (t, m) => {
      await mailed(t, m);
      await revokeInvitation(admin(t), { memberId: m.id });
    },
    "obstacles",
    "invitation_revoked",
  ],
  [
    "a newer mail took the place of the invitation",
    NEW,
    async (t, m) => {
      await mailed(t, m);
      await owner()`update one_time_secrets set ended_at = portal_now(), ended_reason = 'superseded'
                     where member_id = ${m.id}`;
    },
    "obstacles",
    "invitation_superseded",
  ],
  [
    "the address has changed since the invitation",
    NEW,
    async (t, m) => {
      await mailed(t, m);
      await alter(t, m, { email: "new@mail.example", emailKey: "new@mail.example" });
    },
    "obstacles",
    "invitation_address",
  ],
  ["no e-mail address", { withoutAddress: true }, async () => undefined, "obstacles", "no_address"],
  [
    "five mails within the hour, and no invitation",
    NEW,
    (t, m) => fullMailbox(t, m),
    "obstacles",
    "mail_cap",
  ],
  [
    "the first, temporary password was used and no own one chosen",
    NEW,
    async (t, m) => wrong(t, await temporary(t, m)),
    "obstacles",
    "temporary_used",
  ],
  [
    "the first, temporary password ran out",
    NEW,
    async (t, m) => {
      await temporary(t, m);
      await clock.travel(49 * HOUR);
    },
    "obstacles",
    "invitation_expired",
  ],
  ["set by an administrator, and over", OWN, passwordUntil(-1), "obstacles", "set_password_over"],
  ["set by an administrator, and still good", OWN, passwordUntil(60), "afterwards", "change_temporary"],
  ["must change", OWN, (t, m) => alter(t, m, { mustChangePassword: true }), "afterwards", "change_required"],
  [
    "the password expired",
    OWN,
    async (t) => {
      await withOptions(t, { expiryDays: 30 });
      await clock.travel(31 * DAY);
    },
    "afterwards",
    "change_expired",
  ],
  [
    "the firm's rules became stricter",
    OWN,
    (t) => withOptions(t, { symbolRequired: true, rulesApplyAt: "next_sign_in" }),
    "afterwards",
    "change_rules_changed",
  ],
  [
    "asked to change a leaked password",
    OWN,
    async (t, { id }) => {
      await signIn(t, "robin", GOOD_PASSWORD);
      await owner()`update sessions set kind = 'pending', duties = '{change_password}', change_reason = 'breached'
                     where member_id = ${id}`;
    },
    "afterwards",
    "change_breached",
  ],
  [
    "a security group that allows nothing",
    { ...OWN, kind: "staff", permissions: [] },
    async () => undefined,
    "afterwards",
    "no_permissions",
  ],
  [
    "a contact of no client",
    { ...OWN, withoutClient: true },
    async () => undefined,
    "afterwards",
    "no_client",
  ],
  [
    "a contact of a deleted client",
    OWN,
    (t) => owner()`update clients set deleted_at = portal_now() where tenant_id = ${t.id}`,
    "afterwards",
    "no_client",
  ],
  [
    "the reset link ran out unused",
    OWN,
    async (t) => {
      await askForMail(t);
      await clock.travel(16 * MINUTE);
    },
    "clues",
    "reset_expired",
  ],
  [
    "the reset link ended after wrong codes",
    OWN,
    async (t) => {
      const mail = await askForMail(t);
      for (let step = 1; step <= 5; step += 1)
        await redeem(t, { ...mail, code: anotherCode(mail.code, step) });
    },
    "clues",
    "reset_exhausted",
  ],
  ["a reset link waits in the mailbox", OWN, (t) => askForMail(t), "clues", "reset_waiting"],
  [
    "the mailed temporary password was used by a sign-in that is over",
    OWN,
    async (t, m) => wrong(t, await temporary(t, m)),
    "clues",
    "temporary_used",
  ],
  [
    "the mailed temporary password ran out, and the own one is forgotten",
    OWN,
    async (t, m) => {
      await temporary(t, m);
      await clock.travel(49 * HOUR);
    },
    "clues",
    "temporary_over",
  ],
  [
    "a new address is held",
    OWN,
    (t, { id, emailKey }) => owner()`
      insert into recovery_requests (tenant_id, origin, status, typed_name, member_id, source, new_email,
                                     new_email_key, old_email_key, held_until)
      values (${t.id}, 'no_mailbox', 'held', 'robin', ${id}, '203.0.113.7', 'n@mail.example', 'n@mail.example',
              ${emailKey}, portal_now() + interval '1 day')`,
    "clues",
    "address_held",
  ],
  ["five mails within the hour", OWN, (t, m) => fullMailbox(t, m), "clues", "mail_cap"],
  [
    "the last reset mail bounced",
    OWN,
    async (t) => {
      await requestReset(visitorOf(t), { identifier: "robin" });
      await owner()`update outbox_emails set status = 'failed', reason = '550 no' where tenant_id = ${t.id}`;
    },
    "clues",
    "mail_bounced",
  ],
  ["a wrong password was typed", OWN, (t) => wrong(t), "clues", "wrong_password"],
  ["a wrong username was typed: nobody tried this one", OWN, async () => undefined, "clues", "nobody_tried"],
  [
    "the session ended since nothing was done in it",
    OWN,
    async (t) => {
      await signIn(t, "robin", GOOD_PASSWORD);
      await clock.travel(2 * HOUR);
    },
    "clues",
    "session_idle",
  ],
  [
    "the session ended with a change of the password",
    OWN,
    async (t) => {
      await signIn(t, "robin", GOOD_PASSWORD);
      await owner()`update sessions set revoked_at = portal_now(), revoked_reason = 'password_changed'
                     where tenant_id = ${t.id}`;
    },
    "clues",
    "session_password_changed",
  ],
  [
    "a second factor is asked for that they may not have at hand",
    OWN,
    async (t, m) => {
      await secretOfNewApp(t, m);
      await signIn(t, "robin", GOOD_PASSWORD);
    },
    "afterwards",
    "second_factor_asked",
  ],
  ["the last sign-in stopped at the second factor", OWN, stoppedAtFactor, "clues", "stopped_at_factor"],
  [
    "a wrong second factor was given",
    OWN,
    async (t, m) => {
      await secretOfNewApp(t, m);
      await wrongFactor(t, 1);
    },
    "clues",
    "wrong_factor",
  ],
  [
    "locked by wrong second factors",
    OWN,
    async (t, m) => {
      await secretOfNewApp(t, m);
      await withOptions(t, { lockAfter: 3 });
      await wrongFactor(t, 3);
    },
    "obstacles",
    "locked_factor",
  ],
  [
    "the firm wants a second factor, and there is none",
    OWN,
    (t) => withOptions(t, { secondFactor: "required" }),
    "afterwards",
    "enrolment_owed",
  ],
  [
    "the last sign-in stopped where a second factor was to be set up",
    OWN,
    async (t, m) => {
      await alter(t, m, { enrolmentRequired: true });
      await signIn(t, "robin", GOOD_PASSWORD);
    },
    "clues",
    "stopped_at_enrolment",
  ],
  [
    "the second factors were reported lost, and the day is running",
    OWN,
    async (t, m) => {
      await secretOfNewApp(t, m);
      await owner()`
        insert into factor_resets (tenant_id, member_id, status, source, held_until)
        values (${t.id}, ${m.id}, 'held', 'a source', portal_now() + interval '1 day')`;
    },
    "clues",
    "factors_lost",
  ],
  [
    "each recovery code has been used",
    OWN,
    async (t, m) => {
      await secretOfNewApp(t, m);
      await withRecoveryCodes(t, m);
      await owner()`update recovery_codes set used_at = portal_now() where member_id = ${m.id}`;
    },
    "clues",
    "codes_used_up",
  ],
  [
    "a passkey may have been copied",
    OWN,
    (t, { id }) => owner()`
      insert into passkeys (tenant_id, member_id, credential_id, public_key, user_handle, counter, aaguid,
                            backup_eligible, backed_up, name, suspected_at)
      values (${t.id}, ${id}, ${randomUUID()}, ${Buffer.from("key")}, ${randomUUID()}, 0, '', true, true, 'A passkey',
              portal_now())`,
    "clues",
    "passkey_suspected",
  ],
  ["nothing is wrong", OWN, (t) => signIn(t, "robin", GOOD_PASSWORD), "fine", ""],
];

async function stoppedAtFactor(tenant: Tenant, robin: Member) {
  await secretOfNewApp(tenant, robin);
  return signIn(tenant, "robin", GOOD_PASSWORD);
}

/** So many wrong codes after the right password, in a sign-in of their own each. */
async function wrongFactor(tenant: Tenant, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    await proveSecondFactor(await contextOf(tenant, session), { code: "000000" });
  }
}

function fullMailbox(tenant: Tenant, { emailKey }: Member) {
  return owner()`
    insert into rate_limits (tenant_id, key, whole_at)
    select ${tenant.id}, 'mail:' || translate(rtrim(encode(sha256(${emailKey}::text::bytea), 'base64'), '='), '+/', '-_'),
           portal_now() + interval '1 day'`;
}

async function aRobin(wanted: Wanted) {
  const tenant = await aTenant();
  const { withoutClient, ...member } = wanted;
  const robin = await aMember(tenant, { kind: "contact", username: "robin", ...member });
  if (robin.kind === "contact" && !withoutClient) await aClient(tenant, [robin]);
  return { tenant, robin };
}

const codesOf = (explanation: SignInExplanation, part: Exclude<Part, "fine">) =>
  explanation[part].map(({ code }) => code);

describe("staff are told why somebody cannot sign in, by what decides at the sign-in (J5):", () => {
  test.each(CAUSES)("%s", async (_, wanted, seed, part, code) => {
    const { tenant, robin } = await aRobin(wanted);
    await seed(tenant, robin);
    const before = await contentsOf(tenant);
    const told = await explainSignIn(admin(tenant), robin.id);
    expect(await contentsOf(tenant)).toEqual(before);
    expect(told.canSignIn).toBe(part !== "obstacles");
    if (part === "fine") expect([...told.obstacles, ...told.afterwards]).toEqual([]);
    else if (part === "clues") expect(codesOf(told, part)).toContain(code);
    else expect(codesOf(told, part)[0]).toBe(code);
    const tried = await wrong(tenant, GOOD_PASSWORD);
    expect(tried.outcome !== "refused").toBe(told.canSignIn);
  });

  test("there are more than 25 different ones", () => {
    expect(new Set(CAUSES.map(([, , , part, code]) => `${part} ${code}`)).size).toBeGreaterThan(25);
  });
});

describe("the explanation", () => {
  test("names a lock in the owner's own browser", async () => {
    const { tenant, robin } = await aRobin(OWN);
    await failures(`device:${randomUUID()}`, 10)(tenant, robin);
    const { obstacles } = await explainSignIn(admin(tenant), robin.id);
    expect(obstacles).toMatchObject([{ code: "locked_device", cure: "unlock", mayCure: true, whoMay: [] }]);
  });

  test("tells the last refused tries with their reason and no more of the source than its beginning", async () => {
    const { tenant, robin } = await aRobin(OWN);
    await wrong(tenant);
    await alter(tenant, robin, { status: "disabled" });
    await wrong(tenant, GOOD_PASSWORD);
    const told = await explainSignIn(admin(tenant), robin.id);
    expect(told.tries.map(({ reason, from }) => [reason, from])).toEqual([
      ["The account was disabled", "203.0.…"],
      ["Wrong password", "203.0.…"],
    ]);
    expect(JSON.stringify(told)).not.toMatch(/113\.7|violet|quilt/);
  });

  test("names what to mend first in front", async () => {
    const { tenant, robin } = await aRobin(OWN);
    await failures("*", 100)(tenant, robin);
    await alter(tenant, robin, { status: "disabled", frozenAt: new Date() });
    const told = await explainSignIn(admin(tenant), robin.id);
    expect(codesOf(told, "obstacles")).toEqual(["disabled", "frozen", "locked_everywhere"]);
  });

  test("offers a cure only to whoever may press it, and names the groups that may", async () => {
    const { tenant, robin } = await aRobin(OWN);
    await failures("*", 100)(tenant, robin);
    const reader = actingWith(tenant, "clients:read", "clients:manage");
    const { obstacles } = await explainSignIn(reader, robin.id);
    expect(obstacles).toMatchObject([
      { mayCure: false, whoMay: ["Administrator", "Regular User", "Regular User (No Delete)"] },
    ]);
  });

  test("offers nobody to enable who may do more than the reader (SEC60)", async () => {
    const tenant = await aTenant();
    const chief = await aMember(tenant, { status: "disabled", password: GOOD_PASSWORD });
    const told = await explainSignIn(actingWith(tenant, "members:read", "members:manage"), chief.id);
    expect(told.obstacles).toMatchObject([{ code: "disabled", mayCure: false, whoMay: ["Administrator"] }]);
  });

  test("says nothing of a password of who signs in by SSO (004-02)", async () => {
    const { tenant, robin } = await aRobin({ federated: true });
    await wrong(tenant);
    const told = await explainSignIn(admin(tenant), robin.id);
    expect(JSON.stringify(told)).not.toMatch(/password/i);
  });

  test("is refused to whoever sees the record and may not help", async () => {
    const { tenant, robin } = await aRobin(OWN);
    const ctx = actingWith(tenant, "clients:read");
    const error = await refused(tenant, () => explainSignIn(ctx, robin.id));
    expect(error).toMatchObject({ code: "forbidden", reason: "may_not_help" });
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "sign_in.explained.refused", reason: "may_not_help" }),
    );
  });

  test("does not exist for whom the reader is not assigned to, for a stranger's firm, and of a deleted one for who may not restore", async () => {
    const { tenant, robin } = await aRobin(OWN);
    const ctx = admin(tenant);
    const assigned = { ...ctx, actor: { ...ctx.actor, clientScope: "assigned" as const } };
    await expect(explainSignIn(assigned, robin.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(explainSignIn(admin(await aTenant()), robin.id)).rejects.toMatchObject({
      code: "not_found",
    });
    await alter(tenant, robin, { status: "disabled", deletedAt: new Date() });
    const reader = actingWith(tenant, "clients:read", "contacts:reset");
    await expect(explainSignIn(reader, robin.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("an invitation that was accepted leaves nothing in the way", async () => {
    const { tenant, robin } = await aRobin(NEW);
    const { token } = await mailed(tenant, robin);
    const newPassword = OTHER_PASSWORD;
    await acceptInvitation(visitorOf(tenant), { token, newPassword, confirmPassword: newPassword });
    expect((await explainSignIn(admin(tenant), robin.id)).canSignIn).toBe(true);
    const session = await signIn(tenant, "robin", OTHER_PASSWORD);
    expect((await contextOf(tenant, session)).actor?.memberId).toBe(robin.id);
  });
});
