import { expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { startSession } from "#lib/auth/session/start-session.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { freezeBy, wayOutOf } from "#tests/support/notices.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

async function someone(wanted: Parameters<typeof aMember>[1] = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  const first = await signIn(tenant, "robin", GOOD_PASSWORD);
  return { tenant, member, first };
}

test("whoever signs in for the first time is mailed nothing about it (UX49)", async () => {
  const { tenant } = await someone();
  expect(await outboxOf(tenant, "new-sign-in")).toEqual([]);
});

test("a sign-in in a browser that was not known tells its owner when, in what and from where (I2, UX49)", async () => {
  const { tenant, member } = await someone();
  await signIn(tenant, "robin", GOOD_PASSWORD, { userAgent: FIREFOX, source: "203.0.113.77" });
  const mail = await oneMail(tenant, "new-sign-in");
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.text.replace(/\s+/g, " ")).toContain("Firefox on Windows, from the address 203.0.…, on ");
  expect(mail.raw).not.toContain("203.0.113.77");
});

test("a sign-in in a browser that is known tells nothing", async () => {
  const { tenant, first } = await someone();
  await signIn(tenant, "robin", GOOD_PASSWORD, { device: first.device });
  expect(await outboxOf(tenant, "new-sign-in")).toEqual([]);
});

test("a browser that is known for somebody else is new for this member", async () => {
  const { tenant } = await someone();
  await aMember(tenant, { username: "sam", password: GOOD_PASSWORD });
  const { device } = await signIn(tenant, "sam", GOOD_PASSWORD);
  await signIn(tenant, "robin", GOOD_PASSWORD, { device });
  expect(await outboxOf(tenant, "new-sign-in")).toHaveLength(1);
});

test("a program that signs in tells nothing: it keeps no browser", async () => {
  const { tenant, member } = await someone();
  const visitor = visitorOf(tenant);
  await withTenant(tenant.id, (db, now) =>
    startSession(
      db,
      { ...visitor, origin: { ...visitor.origin, program: true }, now },
      { memberId: member.id, method: "password", proofs: ["password"], duties: [] },
    ),
  );
  expect(await outboxOf(tenant, "new-sign-in")).toEqual([]);
});

test("what was begun and still owes something tells nothing until it is a sign-in", async () => {
  const { tenant } = await someone({ mustChangePassword: true });
  await signIn(tenant, "robin", GOOD_PASSWORD);
  await signIn(tenant, "robin", GOOD_PASSWORD);
  expect(await outboxOf(tenant, "new-sign-in")).toEqual([]);
});

test("whoever has no address is not mailed, and can be told apart in the outbox", async () => {
  const { tenant } = await someone({ withoutAddress: true });
  await signIn(tenant, "robin", GOOD_PASSWORD);
  const mails = await outboxOf(tenant, "new-sign-in");
  expect(mails).toMatchObject([{ status: "suppressed", reason: "no_address" }]);
});

test("its link and four digits freeze the account (B10, DEC9)", async () => {
  const { tenant, member } = await someone();
  await signIn(tenant, "robin", GOOD_PASSWORD);
  const outcome = await freezeBy(tenant, wayOutOf(await oneMail(tenant, "new-sign-in")));
  expect(outcome).toMatchObject({ outcome: "frozen", memberId: member.id });
});

test("more than five in an hour are all sent: no notice of safety is lost to the limit (DEC7)", async () => {
  const { tenant } = await someone();
  for (let count = 0; count < 7; count++) await signIn(tenant, "robin", GOOD_PASSWORD);
  const mails = await outboxOf(tenant, "new-sign-in");
  expect(mails.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => "queued"));
});
