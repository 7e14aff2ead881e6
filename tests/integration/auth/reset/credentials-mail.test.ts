import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { credentialsMailFor, enqueueCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { RecoveryProfile } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const own = false;
const bySso = true;

test.each([
  ["a link, with its code", own, true, "link_and_code", "reset-password"],
  ["a link", own, true, "link", "reset-password"],
  ["a temporary password", own, true, "temporary_password", "temporary-password"],
  ["an invitation, without a password yet", own, false, "link_and_code", "invitation"],
  ["an invitation by a link alone too", own, false, "link", "invitation"],
  ["a temporary password, without one yet", own, false, "temporary_password", "temporary-password"],
  ["the word about SSO", bySso, false, "link_and_code", "sign-in-by-sso"],
  ["the word about SSO in every profile", bySso, true, "temporary_password", "sign-in-by-sso"],
] as const)(
  "the credentials mail is %s (X4, B9)",
  (_, bySsoAlone, hasPassword, recoveryProfile, template) => {
    expect(credentialsMailFor(bySsoAlone, hasPassword, { recoveryProfile })).toBe(template);
  },
);

const secretsOf = ({ id }: Tenant) => owner()`select purpose from one_time_secrets where tenant_id = ${id}`;

async function askIn(recoveryProfile: RecoveryProfile, wanted: Parameters<typeof aMember>[1]) {
  const tenant = await withOptions(await aTenant(), { recoveryProfile });
  const member = await aMember(tenant, { username: "secret.name.77", ...wanted });
  await requestReset(visitorOf(tenant), { identifier: "secret.name.77" });
  return { tenant, member, mail: await oneMail(tenant) };
}

describe("whoever forgot the password gets", () => {
  test("a link and a code where the firm has it so", async () => {
    const { mail } = await askIn("link_and_code", { password: GOOD_PASSWORD });
    expect(mail.link).toContain("/reset-password/");
    expect(mail.code).toMatch(/^\d{6}$/);
  });

  test("a link alone where the firm has it so", async () => {
    const { mail } = await askIn("link", { password: GOOD_PASSWORD });
    expect(mail.link).toContain("/reset-password/");
    expect(mail.code).toBe("");
  });

  test("a temporary password, which opens a pending session, and no link that opens anything (001-04 to 001-08, B6)", async () => {
    const { tenant, mail } = await askIn("temporary_password", { password: GOOD_PASSWORD });
    expect(mail.text).not.toMatch(/\/(?:reset-password|invitation)\//);
    const [typed = ""] = /^[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}$/m.exec(mail.text.replaceAll(/^\s+/gm, "")) ?? [];
    const session = await signIn(tenant, "secret.name.77", typed);
    expect(await worthOf(tenant, session)).toBe("pending");
  });

  test("an invitation, who never had a password", async () => {
    const { mail } = await askIn("link_and_code", {});
    expect(mail.link).toContain("/invitation/");
  });

  test("a word about SSO and no secret at all, who has no password here (B9)", async () => {
    for (const profile of ["link_and_code", "temporary_password"] as const) {
      const { tenant, mail } = await askIn(profile, { federated: true });
      expect(mail.subject).toMatch(/sign in/i);
      expect(mail.link).toBe("");
      expect(await secretsOf(tenant)).toEqual([]);
    }
  });

  test.each(["link", "link_and_code", "temporary_password"] as const)(
    "no username beside a secret, under the profile %s (X6, 001-07)",
    async (profile) => {
      const { mail } = await askIn(profile, { password: GOOD_PASSWORD });
      expect(mail.raw).not.toContain("secret.name.77");
    },
  );
});

test("mails about SSO count among the five an hour to one address (B9, B11)", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", federated: true });
  await clock.stop();
  for (let time = 0; time < 7; time += 1) await requestReset(visitorOf(tenant), { identifier: "robin" });
  expect(await deliveredMail(tenant)).toHaveLength(5);
});

test("a frozen account gets no credentials, and the row says why (B10)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  await alter(tenant, member, { frozenAt: new Date() });
  await requestReset(visitorOf(tenant), { identifier: "robin" });
  expect(await deliveredMail(tenant)).toEqual([]);
  expect(await outboxOf(tenant)).toMatchObject([{ status: "suppressed", reason: "frozen" }]);
});

test("a batch's mail goes after what a person waits for, and not before its moment (REL3, D5)", async () => {
  const tenant = await aTenant();
  const member = await aMember(tenant, { password: GOOD_PASSWORD });
  const notBefore = await withTenant(tenant.id, async (db, now) => {
    const moment = new Date(now.getTime() + HOUR);
    await enqueueCredentialsMail(db, now, member, { bulk: true, notBefore: moment });
    return moment;
  });
  const [job] = await owner()`
    select run_at, priority from graphile_worker._private_jobs where payload->>'tenantId' = ${tenant.id}`;
  expect(job).toMatchObject({ run_at: notBefore, priority: 10 });
});
