import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { actingWith, signIn } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { secretOfNewApp } from "#tests/support/factors.ts";
import { oneMail } from "#tests/support/mail.ts";
import { freezeBy, wayOutOf } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { promise } from "#tests/support/outbox.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

/** Somebody with an authenticator app, in whose browser no code is asked for. */
async function remembered() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
  const { device } = await signIn(tenant, "robin", GOOD_PASSWORD);
  await secretOfNewApp(tenant, member);
  await owner()`update known_devices set trusted_until = portal_now() + interval '30 days' where member_id = ${member.id}`;
  return { tenant, member, device, admin: actingWith(tenant, ...everything) };
}

const trustedOf = async ({ id }: Member) => {
  const [row] = await owner()<{ number: number }[]>`
    select count(*)::int as number from known_devices
     where member_id = ${id} and trusted_until > portal_now()`;
  return row?.number;
};

test("a sign-in in a remembered browser asks for no second factor (UX16)", async () => {
  const { tenant, member, device } = await remembered();
  expect(await trustedOf(member)).toBe(1);
  expect((await signIn(tenant, "robin", GOOD_PASSWORD, { device })).kind).toBe("full");
  expect(await signIn(tenant, "robin", GOOD_PASSWORD)).toMatchObject({
    kind: "pending",
    duties: ["second_factor"],
  });
});

type Remembered = Awaited<ReturnType<typeof remembered>>;

describe("no browser is remembered any more (B10, DEC8)", () => {
  const ENDS: [string, (who: Remembered) => Promise<unknown>][] = [
    ["after a reset", async ({ tenant }) => redeem(tenant, await askForMail(tenant))],
    ["after a freeze", ({ tenant, member }) => frozen(tenant, member)],
    [
      "after an administrator has set a password",
      async ({ tenant, member, admin }) => {
        await withOptions(tenant, { administratorsSetContacts: true });
        const typed = { tick: "on", newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };
        await setPassword(admin, { memberId: member.id, ...typed });
      },
    ],
    [
      "after the access was switched off",
      ({ member, admin }) => setAccess(admin, { memberId: member.id, status: "disabled" }),
    ],
    ["after a deletion", ({ member, admin }) => deleteMember(admin, { memberId: member.id })],
  ];

  test.each(ENDS)("%s", async (_, end) => {
    const who = await remembered();
    await end(who);
    expect(await trustedOf(who.member)).toBe(0);
  });
});

async function frozen(tenant: Tenant, member: Member): Promise<void> {
  await promise(tenant, member, { template: "password-changed" });
  await freezeBy(tenant, wayOutOf(await oneMail(tenant)));
}

test("whoever is let in again is asked for the second factor, in a browser that is still known (D7)", async () => {
  const { tenant, member, device, admin } = await remembered();
  await setAccess(admin, { memberId: member.id, status: "disabled" });
  await setAccess(admin, { memberId: member.id, status: "enabled" });
  const session = await signIn(tenant, "robin", GOOD_PASSWORD, { device });
  expect(session).toMatchObject({ kind: "pending", duties: ["second_factor"] });
  const [row] =
    await owner()`select count(*)::int as known from known_devices where member_id = ${member.id}`;
  expect(row?.known).toBe(1);
});
