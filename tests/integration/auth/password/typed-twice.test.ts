import { expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { ask } from "#tests/support/api.ts";
import { actingAs, contextOf, signIn, visitorOf } from "#tests/support/contexts.ts";
import { oneMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { contentsOf } from "#tests/support/records.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const TWICE = { newPassword: "password1", confirmPassword: "password2" };

const BOTH = {
  newPassword: expect.arrayContaining([expect.any(String)]),
  confirmPassword: ["The two passwords do not match."],
};

/** What was refused beside which field. */
async function errorsOf(attempt: Promise<unknown>) {
  const error = await attempt.catch((thrown: unknown) => thrown);
  return error instanceof DomainError && error.code === "invalid" ? error.fieldErrors : error;
}

async function owingAPassword(tenant: Tenant, robin: Member) {
  await alter(tenant, robin, { mustChangePassword: true });
  return contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
}

/** Wherever a new password is chosen: what is ready for it, and then the choice. */
const PLACES: [string, (tenant: Tenant, robin: Member) => Promise<() => Promise<unknown>>][] = [
  [
    "by a mailed link and its code",
    async (tenant) => {
      const mail = await askForMail(tenant);
      return () => errorsOf(redeem(tenant, mail, TWICE));
    },
  ],
  [
    "by an invitation",
    async (tenant) => {
      const member = await aMember(tenant);
      await withTenant(tenant.id, (db) => enqueueInvitation(db, member));
      const { token } = await oneMail(tenant);
      return () => errorsOf(acceptInvitation(visitorOf(tenant), { token, ...TWICE }));
    },
  ],
  [
    "as the duty of a sign-in",
    async (tenant, robin) => {
      const ctx = await owingAPassword(tenant, robin);
      return () => errorsOf(changePasswordAsDuty(ctx, TWICE));
    },
  ],
  [
    "by a program, as the duty of a sign-in",
    async (tenant, robin) => {
      const ctx = await owingAPassword(tenant, robin);
      return async () => (await ask(ctx, "PUT /session/password", { body: TWICE })).json.fieldErrors;
    },
  ],
  [
    "as one's own",
    async (tenant) => {
      const ctx = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
      return () => errorsOf(changeOwnPassword(ctx, { currentPassword: GOOD_PASSWORD, ...TWICE }));
    },
  ],
  [
    "for somebody else",
    async (tenant, robin) => {
      const ctx = actingAs(tenant, await aMember(tenant), ...everything);
      return () => errorsOf(setPassword(ctx, { memberId: robin.id, tick: "on", ...TWICE }));
    },
  ],
];

test.each(PLACES)(
  "a new password that will not do and was mistyped is told both at once, %s (DEC14, 003-09)",
  async (_, prepare) => {
    const tenant = await withOptions(await aTenant(), { administratorsSetStaff: true });
    const robin = await aMember(tenant, { username: "robin", group: "regular", password: GOOD_PASSWORD });
    const choose = await prepare(tenant, robin);
    const before = await contentsOf(tenant);
    expect(await choose()).toEqual(BOTH);
    expect(await contentsOf(tenant)).toEqual(before);
  },
);
