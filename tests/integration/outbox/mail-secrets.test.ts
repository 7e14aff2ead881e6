import { describe, expect, test } from "vitest";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { TEMPLATES, type TemplateName } from "#lib/outbox/templates.tsx";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { breakMail, mailbox } from "#tests/support/mail-server.ts";
import { wayOutOf } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { promise } from "#tests/support/outbox.ts";
import { auditOf, rowsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const NOTICES = ["password-changed", "password-set", "new-sign-in", "sign-in-copied"] as const;

/** But the set-up link, whose secret is no member's: its own tests hold it (G3). */
const names = (Object.keys(TEMPLATES) as TemplateName[]).filter(
  (name) => TEMPLATES[name].mints === undefined,
);
const withSecret = names.filter((name) => TEMPLATES[name].purpose !== undefined);
const withoutSecret = names.filter((name) => TEMPLATES[name].purpose === undefined);

async function someone(options: Parameters<typeof withOptions>[1] = {}) {
  const tenant = await withOptions(await aTenant(), options);
  const member = await aMember(tenant, { username: "zanzibar", password: GOOD_PASSWORD });
  return { tenant, member };
}

const secretsOf = async (tenant: Parameters<typeof rowsOf>[0]) =>
  (await rowsOf(tenant, (table) => table === "one_time_secrets")).one_time_secrets ?? [];

describe("the username and a secret (X6, 001-07)", () => {
  test.each(withSecret)(
    "%s holds no username, as long as the firm does not want it there",
    async (template) => {
      const { tenant, member } = await someone();
      await promise(tenant, member, { template });
      expect((await oneMail(tenant, template)).raw).not.toContain("zanzibar");
    },
  );

  test.each(["reset-password", "temporary-password", "invitation"] as const)(
    "%s holds it where the firm wants it there",
    async (template) => {
      const { tenant, member } = await someone({ usernameInMail: true });
      await promise(tenant, member, { template });
      expect((await oneMail(tenant)).text).toMatch(/^Username\nzanzibar$/m);
    },
  );

  test("the mail of a forgotten username holds it, and nothing secret (000-02)", async () => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template: "your-username" });
    const mail = await oneMail(tenant);
    expect(mail.text).toMatch(/^Username\nzanzibar$/m);
    expect(mail.text).toContain(`http://${tenant.slug}.portal.localhost:3000/sign-in`);
    expect(await secretsOf(tenant)).toEqual([]);
  });
});

describe("every link leads to the firm's own host, whatever the mail (SEC25)", () => {
  test.each(names)("%s", async (template) => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template });
    const { text } = await oneMail(tenant, template);
    const hosts = [...text.matchAll(/https?:\/\/([^/\s]+)/g)].map(([, host]) => host);
    expect([...new Set(hosts)].filter((host) => host !== `${tenant.slug}.portal.localhost:3000`)).toEqual([]);
  });
});

test.each(withoutSecret)("%s makes no secret", async (template) => {
  const { tenant, member } = await someone();
  await promise(tenant, member, { template });
  await oneMail(tenant, template);
  expect(await secretsOf(tenant)).toEqual([]);
});

test("a firm that asks for a link alone mails no code, and its secret has none (X4)", async () => {
  const { tenant } = await someone({ recoveryProfile: "link" });
  await requestReset(visitorOf(tenant), { identifier: "zanzibar" });
  const mail = await oneMail(tenant);
  expect(mail.link).toContain("/reset-password/");
  expect(mail.text).not.toMatch(/code/i);
  expect(await secretsOf(tenant)).toMatchObject([{ code_hash: null }]);
});

test("a firm that asks for a link alone still has its notices ask for digits (DEC9)", async () => {
  const { tenant, member } = await someone({ recoveryProfile: "link" });
  await promise(tenant, member, { template: "password-changed" });
  expect(wayOutOf(await oneMail(tenant)).code).toMatch(/^\d{4}$/);
});

describe("a temporary password (001-04 to 001-07)", () => {
  test("stands in the mail, which leads to the sign-in page and holds no other secret", async () => {
    const { tenant } = await someone({ recoveryProfile: "temporary_password" });
    await requestReset(visitorOf(tenant), { identifier: "zanzibar" });
    const { text, subject } = await oneMail(tenant);
    const [temporary = ""] = /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec(text) ?? [];
    expect(temporary).not.toBe("");
    expect(subject).not.toContain(temporary);
    expect(text.match(/https?:\/\/\S+/g)).toEqual([`http://${tenant.slug}.portal.localhost:3000/sign-in`]);
    expect(text).toContain("48 hours");
  });

  test("is good for 48 hours from the moment at which the mail leaves (001-05, S5)", async () => {
    const { tenant } = await someone({ recoveryProfile: "temporary_password" });
    await requestReset(visitorOf(tenant), { identifier: "zanzibar" });
    await clock.travel(3 * HOUR);
    const now = await clock.stop();
    await oneMail(tenant);
    const [secret] = await secretsOf(tenant);
    expect(new Date(secret?.expires_at as string).getTime() - now.getTime()).toBe(48 * HOUR);
  });
});

describe.each(NOTICES)("the notice %s (B10, DEC9)", (template) => {
  test("carries a way out that is good for thirty days, and never a password", async () => {
    const { tenant, member } = await someone();
    const now = await clock.stop();
    await promise(tenant, member, { template });
    const mail = await oneMail(tenant, template);
    expect(wayOutOf(mail).code).toMatch(/^\d{4}$/);
    expect(mail.raw).not.toContain(GOOD_PASSWORD);
    const [secret] = await secretsOf(tenant);
    expect(secret).toMatchObject({ purpose: "freeze", member_id: member.id });
    expect(new Date(secret?.expires_at as string).getTime() - now.getTime()).toBe(30 * DAY);
  });

  test.each([
    ["whose address somebody has changed since", { email: "new@mail.example", emailKey: "new@mail.example" }],
    ["whose account was disabled since", { status: "disabled" as const }],
    ["who signs in by SSO since", { connectionId: crypto.randomUUID() }],
  ])("still goes to the owner, at the address that it was promised to, %s", async (_, changes) => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template });
    await alter(tenant, member, changes);
    const mail = await oneMail(tenant, template);
    expect(mail.to).toEqual([member.emailKey]);
    expect(wayOutOf(mail).token).toHaveLength(43);
  });
});

test("a later notice leaves the way out of an earlier one open: a thief cannot end it by another change", async () => {
  const { tenant, member } = await someone();
  for (let notice = 0; notice < 3; notice++) await promise(tenant, member, { template: "password-changed" });
  expect(await deliveredMail(tenant)).toHaveLength(3);
  expect((await secretsOf(tenant)).map((secret) => secret.ended_at)).toEqual([null, null, null]);
});

test("a notice that is repeated an hour later is the same notice, with one way out", async () => {
  const { tenant, member } = await someone();
  const id = await promise(tenant, member, { template: "password-changed" });
  const seen = mailbox().length;
  breakMail({ at: "cut" });
  await deliverEmail(tenant.id, id);
  breakMail(undefined);
  await clock.travel(HOUR);
  await deliverEmail(tenant.id, id);
  const [first, second] = mailbox().slice(seen);
  expect(second?.messageId).toBe(first?.messageId);
  expect(second?.text).toBe(first?.text);
  expect(await secretsOf(tenant)).toHaveLength(1);
});

test("the mail about a new address goes to the old one, and its secret is about the request (B12)", async () => {
  const { tenant, member } = await someone();
  const subjectId = crypto.randomUUID();
  await promise(tenant, member, { template: "address-held", subjectId });
  await alter(tenant, member, { email: "new@mail.example", emailKey: "new@mail.example" });
  const mail = await oneMail(tenant);
  expect(mail.to).toEqual([member.emailKey]);
  expect(mail.text).toContain("22 November 2026 at 14:05 UTC");
  expect(mail.text).not.toContain("new@mail.example");
  expect(wayOutOf(mail).code).toMatch(/^\d{4}$/);
  expect(await secretsOf(tenant)).toMatchObject([{ purpose: "address_hold", subject_id: subjectId }]);
});

test("the mail to the administrator names the person, neither the address nor the username (X1)", async () => {
  const { tenant, member } = await someone();
  await promise(tenant, member, { template: "password-set-for-somebody", toAddress: "admin@mail.example" });
  const mail = await oneMail(tenant);
  expect(mail.text).toContain("Ann Meyer");
  expect(mail.raw).not.toMatch(new RegExp(`zanzibar|${member.emailKey}`));
});

describe("the audit log knows of each mail", () => {
  const mailEvents = async (tenant: Parameters<typeof auditOf>[0]) =>
    (await auditOf(tenant)).filter(({ event }) => /^(?:mail|secret)\./.test(event));

  test("that its secret was made, for what and until when, and that it was sent", async () => {
    const { tenant, member } = await someone();
    const now = await clock.stop();
    await promise(tenant, member, { template: "invitation" });
    await oneMail(tenant);
    const expiresAt = new Date(now.getTime() + 7 * DAY).toISOString();
    const author = { actorKind: "system", actorId: null, targetId: member.id };
    expect(await mailEvents(tenant)).toMatchObject([
      {
        ...author,
        event: "secret.minted",
        detail: { purpose: "invitation", template: "invitation", expiresAt },
      },
      { ...author, event: "mail.sent", reason: null, detail: { template: "invitation" } },
    ]);
  });

  test("that a server refused it, without the server's words, which may hold the address", async () => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template: "address-changed" });
    breakMail({ at: "recipient", code: 550 });
    await deliveredMail(tenant);
    expect(await mailEvents(tenant)).toMatchObject([
      {
        event: "mail.failed",
        reason: "bounced",
        targetId: member.id,
        detail: { template: "address-changed" },
      },
    ]);
    expect((await outboxOf(tenant))[0]?.reason).toContain("Not now, or not ever.");
  });

  test("that it was given up after a day", async () => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template: "address-changed" });
    breakMail({ at: "data", code: 451 });
    await deliveredMail(tenant);
    await clock.travel(DAY);
    await deliveredMail(tenant);
    expect(await mailEvents(tenant)).toMatchObject([{ event: "mail.failed", reason: "given_up" }]);
  });

  test("that it was held back since its owner changed, and that no secret was made", async () => {
    const { tenant, member } = await someone();
    await promise(tenant, member, { template: "reset-password" });
    await alter(tenant, member, { status: "disabled" });
    await deliveredMail(tenant);
    expect(await mailEvents(tenant)).toMatchObject([
      { event: "mail.suppressed", reason: "owner_changed", targetId: member.id },
    ]);
  });

  test("once each, though it is delivered twice; what is made anew is recorded anew", async () => {
    const { tenant, member } = await someone();
    const id = await promise(tenant, member, { template: "reset-password" });
    breakMail({ at: "greeting", code: 421 });
    await deliverEmail(tenant.id, id);
    await deliverEmail(tenant.id, id);
    breakMail(undefined);
    await clock.travel(5 * MINUTE);
    await deliverEmail(tenant.id, id);
    await deliverEmail(tenant.id, id);
    expect((await mailEvents(tenant)).map(({ event }) => event)).toEqual([
      "secret.minted",
      "secret.minted",
      "mail.sent",
    ]);
  });

  test("and holds no secret, no address and no username for it", async () => {
    const { tenant, member } = await someone({ recoveryProfile: "temporary_password" });
    for (const template of withSecret) await promise(tenant, member, { template });
    const mails = [...(await deliveredMail(tenant)), await oneMail(tenant, "new-sign-in")];
    const texts = mails.map(({ text }) => text).join("\n");
    const secrets = texts.match(/[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}|\/[A-Za-z0-9_-]{43}/g) ?? [];
    expect(secrets).toHaveLength(withSecret.length);
    const events = JSON.stringify(await owner()`select * from audit_events where tenant_id = ${tenant.id}`);
    for (const secret of secrets) expect(events).not.toContain(secret.replace("/", ""));
    expect(events).not.toMatch(new RegExp(`zanzibar|${member.emailKey}`));
  });
});
