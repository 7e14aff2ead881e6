import { expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { log } from "#lib/core/log.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { logged } from "#tests/support/kept-log.ts";
import { deliveredMail, oneMail } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { dump } from "#tests/support/records.ts";
import { anotherCode, redeem, someoneWithMail } from "#tests/support/recovery.ts";
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

test("the dump would show them: a password that is stored in the clear is found", async () => {
  const { member } = await someoneWithMail();
  await owner()`update password_credentials set hash = ${GOOD_PASSWORD} where member_id = ${member.id}`;
  expect(await dump()).toContain(GOOD_PASSWORD);
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
