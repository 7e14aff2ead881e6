import { describe, expect, test } from "vitest";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingWith, signIn, visitorOf } from "#tests/support/contexts.ts";
import { oneMail } from "#tests/support/mail.ts";
import { outcomeOf, redeem } from "#tests/support/recovery.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Trigger = (tenant: Tenant, member: Member) => Promise<unknown>;

const ENTRY_POINTS: [string, Trigger][] = [
  [
    "an administrator",
    (tenant, { id }) => sendReset(actingWith(tenant, "contacts:reset", "members:reset"), { memberId: id }),
  ],
  ["mobile staff", (tenant, { id }) => sendReset(actingWith(tenant, "contacts:reset"), { memberId: id })],
  [
    "the contact, by the username",
    (tenant, { username }) => requestReset(visitorOf(tenant), { identifier: username }),
  ],
  [
    "the contact, by the address",
    (tenant, { email }) => requestReset(visitorOf(tenant), { identifier: email ?? "" }),
  ],
];

describe("a reset has several entry points and one outcome (001-02, 001-16)", () => {
  test.each(ENTRY_POINTS)(
    "asked for by %s, the contact chooses a password and signs in",
    async (_, trigger) => {
      const tenant = await aTenant();
      const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
      await trigger(tenant, member);
      const mail = await oneMail(tenant);
      expect(mail.to).toEqual([member.emailKey]);
      expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
      expect((await signIn(tenant, "robin", OTHER_PASSWORD)).kind).toBe("full");
    },
  );

  test.each([
    ["staff", "administrator"],
    ["staff", "read_only"],
    ["contact", "contact"],
  ] as const)(
    "an administrator can prompt it for a member of any type: %s, %s (001-12)",
    async (kind, group) => {
      const tenant = await aTenant();
      const { id } = await aMember(tenant, { kind, group, username: "robin", password: GOOD_PASSWORD });
      await sendReset(actingWith(tenant, "contacts:reset", "members:reset"), { memberId: id });
      expect(await outcomeOf(redeem(tenant, await oneMail(tenant)))).toBe("reset");
    },
  );

  test("the form asks for the username and mails the stored address (001-10), and exists for every name (001-11, 003-03)", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, {
      username: "robin",
      email: "jane@mail.example",
      password: GOOD_PASSWORD,
    });
    const known = await describeRecovery(visitorOf(tenant), "robin");
    const unknown = await describeRecovery(visitorOf(tenant), "nobody");
    expect(known.maskedAddress).toBe("j***@m***.example");
    expect(unknown.maskedAddress).toMatch(/^[a-z0-9]\*\*\*@[a-z0-9]\*\*\*\.[a-z]+$/);
    await requestReset(visitorOf(tenant), { identifier: "nobody" });
    await requestReset(visitorOf(tenant), { identifier: "robin" });
    expect((await oneMail(tenant)).to).toEqual([member.emailKey]);
  });
});
