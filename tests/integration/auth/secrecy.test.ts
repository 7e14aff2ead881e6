import { expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import type { Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { log } from "#lib/core/log.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { aTokenOf } from "#tests/support/api-tokens.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { secretOfNewApp, withRecoveryCodes } from "#tests/support/factors.ts";
import { anAdministrator, someoneHeld } from "#tests/support/help.ts";
import { logged } from "#tests/support/kept-log.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { changed } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { dump } from "#tests/support/records.ts";
import { anotherCode, askForMail, redeem, someoneWithMail } from "#tests/support/recovery.ts";
import { aMember, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

test("no password, token or code is in a dump of the database or in a log (B8, SEC9)", async () => {
  const { tenant, mail } = await someoneWithMail();
  const session = await signIn(tenant, "robin", GOOD_PASSWORD);
  await signInWithPassword(visitorOf(tenant), { identifier: "robin", password: "mistyped-password-1" });
  await redeem(tenant, { ...mail, code: anotherCode(mail.code) });
  await redeem(tenant, mail);
  const invitee = await aMember(tenant, { username: "invitee" });
  await deliveredMail(tenant);
  await withTenant(tenant.id, (db) => enqueueInvitation(db, invitee));
  const invitation = await oneMail(tenant);
  const input = {
    token: invitation.token,
    newPassword: "copper lantern 8 fig",
    confirmPassword: "copper lantern 8 fig",
  };
  await acceptInvitation(visitorOf(tenant), input);
  await withTenant(tenant.id, (db) => enqueueInvitation(db, invitee));
  breakMail({ at: "greeting", code: 421 });
  await deliveredMail(tenant);

  const secrets = [
    GOOD_PASSWORD,
    OTHER_PASSWORD,
    "mistyped-password-1",
    "copper lantern 8 fig",
    session.token,
    mail.token,
    invitation.token,
  ];
  const found = `${await dump()}\n${logged().join("\n")}`;
  expect(found).toContain("mail attempted");
  for (const secret of secrets) {
    for (const form of [
      secret,
      Buffer.from(secret).toString("hex"),
      Buffer.from(secret).toString("base64"),
    ]) {
      expect(found.includes(form), `${secret} was found`).toBe(false);
    }
  }
  // Six digits may be part of any number, so the code is looked for as a value of its own.
  expect(found).not.toMatch(new RegExp(`(?<![0-9a-f.:])${mail.code}(?![0-9a-f])`));
});

test("the log drops what has the name of a secret, also one or two objects deep", () => {
  const secret = "quilt-marble-otter";
  log().info(
    { password: secret, a: { token: secret }, b: { c: { code: secret } }, cookie: secret },
    "careless",
  );
  const line = logged().at(-1) ?? "";
  expect(line).toContain("careless");
  expect(line).not.toContain(secret);
});

test("one of each secret that the portal gives out is issued, and none of them is in a dump (E4, B8, SEC9)", async () => {
  const issued = await oneOfEach();
  const found = `${await dump()}\n${logged().join("\n")}`;
  expect(Object.values(issued.long).every((secret) => secret.length > 10)).toBe(true);
  for (const [name, secret] of Object.entries(issued.long)) {
    for (const form of formsOf(secret)) expect(found.includes(form), `${name} was found`).toBe(false);
  }
  // A few digits may be part of any number, so a code is looked for as a value of its own.
  for (const [name, code] of Object.entries(issued.codes)) {
    expect(code, name).toMatch(/^\d{4,6}$/);
    expect(new RegExp(`[(,"']${code}[),"']`).test(found), `the code of ${name} was found`).toBe(false);
  }
});

// The last one: from here on the dump has it.
test("the dump would show them: a password that is stored in the clear is found", async () => {
  const { member } = await someoneWithMail();
  await owner()`update password_credentials set hash = ${GOOD_PASSWORD} where member_id = ${member.id}`;
  expect(await dump()).toContain(GOOD_PASSWORD);
});

const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString("hex"),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
];

async function oneOfEach() {
  const { tenant, wayOut: hold } = await someoneHeld();
  const administrator = await anAdministrator(tenant);
  const staff = (username: string) =>
    aMember(tenant, { username, password: GOOD_PASSWORD, group: "regular" });

  const session = await signIn(tenant, (await staff("signed-in")).username, GOOD_PASSWORD);
  const apiToken = await aTokenOf(administrator, await staff("program"));
  await deliveredMail(tenant);
  const { wayOut: freeze } = await changed(tenant, await staff("frozen"));
  const reset = await askForMail(tenant, (await staff("forgetful")).username);
  const invitee = await aMember(tenant, { username: "invited" });
  await withTenant(tenant.id, (db) => enqueueInvitation(db, invitee));
  const invitation = await oneMail(tenant);
  const app = await secretOfNewApp(tenant, invitee);
  const [recoveryCode = ""] = await withRecoveryCodes(tenant, invitee);
  const temporary = await mailedTemporary(tenant, (await staff("temporary")).username);
  return {
    long: {
      password: GOOD_PASSWORD,
      "the new password": OTHER_PASSWORD,
      "the temporary password": temporary,
      "the temporary password without its dashes": temporary.replaceAll("-", ""),
      "the secret of the authenticator app": app,
      "the recovery code": recoveryCode,
      "the recovery code without its dashes": recoveryCode.replaceAll("-", ""),
      "the plain hash of the recovery code": sha256(recoveryCode.replaceAll("-", "")).toString("hex"),
      "the reset link": reset.token,
      "the invitation": invitation.token,
      "the freeze link": freeze.token,
      "the hold link": hold.token,
      "the API token": apiToken,
      "the session token": session.token,
      "the token of the known device": session.device ?? "",
    },
    codes: { "the reset": reset.code, "the freeze": freeze.code, "the hold": hold.code },
  };
}

async function mailedTemporary(tenant: Tenant, identifier: string): Promise<string> {
  await withOptions(tenant, { recoveryProfile: "temporary_password" });
  await requestReset(visitorOf(tenant), { identifier });
  return /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec((await oneMail(tenant)).text)?.[0] ?? "";
}
