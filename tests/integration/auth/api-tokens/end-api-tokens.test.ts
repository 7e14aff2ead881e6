import { describe, expect, test } from "vitest";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import type { Member } from "#lib/members/find-member.ts";
import { applyHeldAddresses } from "#lib/members/recovery/apply-held-addresses.ts";
import { aTokenOf, firmWithTokens, worthOfToken } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, contextOf, signIn } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { anAdministrator, someoneHeld } from "#tests/support/help.ts";
import { changed, freezeBy } from "#tests/support/notices.ts";
import { askForMail, redeem } from "#tests/support/recovery.ts";
import { alter, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const twice = (password: string) => ({ newPassword: password, confirmPassword: password });

const reasonOf = async ({ id }: Member) => {
  const [row] = await owner()`select ended_reason as reason from api_tokens where member_id = ${id}`;
  return row?.reason as string | null;
};

const formOf = ({ id: memberId, securityGroupId }: Member, status: string) => ({
  memberId,
  securityGroupId,
  status,
});

async function changeOwn(tenant: Tenant, otherSessions: string): Promise<void> {
  const ctx = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
  await changeOwnPassword(ctx, { currentPassword: GOOD_PASSWORD, ...twice(OTHER_PASSWORD), otherSessions });
}

describe("a member's API tokens end, and are refused from the next request on (DEC8, E3)", () => {
  type Firm = Awaited<ReturnType<typeof firmWithTokens>>;

  const ends: [string, string, (firm: Firm) => Promise<unknown>][] = [
    [
      "with a reset by mail (B10)",
      "password_changed",
      async ({ tenant }) => redeem(tenant, await askForMail(tenant)),
    ],
    [
      "with a password that an administrator sets (X1)",
      "password_changed",
      ({ ctx, robin }) => setPassword(ctx, { memberId: robin.id, tick: "on", ...twice(OTHER_PASSWORD) }),
    ],
    ["with a change that was a duty", "password_changed", ({ tenant, robin }) => changed(tenant, robin)],
    [
      "with an own change that signs out elsewhere (C9)",
      "password_changed",
      ({ tenant }) => changeOwn(tenant, "sign_out"),
    ],
    [
      "with a disabling",
      "member_disabled",
      ({ ctx, robin }) => changeMemberSecurity(ctx, formOf(robin, "disabled")),
    ],
  ];

  test.each(ends)("%s", async (_, reason, end) => {
    const firm = await firmWithTokens();
    const { tenant, robin, ctx } = firm;
    const token = await aTokenOf(ctx, robin);
    await owner()`delete from outbox_emails where tenant_id = ${tenant.id}`;
    await end(firm);
    expect(await worthOfToken(tenant, token)).not.toBe("full");
    expect(await reasonOf(robin)).toBe(reason);
  });

  test("with a freeze by its owner (B10)", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { wayOut } = await changed(tenant, robin);
    const token = await aTokenOf(ctx, robin);
    await freezeBy(tenant, wayOut);
    expect(await worthOfToken(tenant, token)).not.toBe("full");
    expect(await reasonOf(robin)).toBe("frozen");
  });

  test("with a new address after a recovery (B12)", async () => {
    const { tenant, member } = await someoneHeld({ kind: "staff", group: "regular" });
    const token = await aTokenOf(await anAdministrator(tenant), member);
    await clock.travel(DAY);
    expect(await applyHeldAddresses(tenant.id)).toBe(1);
    expect(await worthOfToken(tenant, token)).toBe("revoked");
    expect(await reasonOf(member)).toBe("address_changed");
  });
});

describe("a member's API tokens", () => {
  test("go on where an own change leaves everything else signed in (C9)", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const token = await aTokenOf(ctx, robin);
    await changeOwn(tenant, "keep");
    expect(await worthOfToken(tenant, token)).toBe("full");
  });

  test("stay dead when the account is enabled again (E3)", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const token = await aTokenOf(ctx, robin);
    await changeMemberSecurity(ctx, formOf(robin, "disabled"));
    await changeMemberSecurity(ctx, formOf(robin, "enabled"));
    expect(await worthOfToken(tenant, token)).toBe("revoked");
  });

  test("are refused while the account is disabled or frozen, even where nobody ended them", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const token = await aTokenOf(ctx, robin);
    await alter(tenant, robin, { status: "disabled" });
    expect(await worthOfToken(tenant, token)).toBe("disabled");
    await alter(tenant, robin, { status: "enabled", frozenAt: new Date() });
    expect(await worthOfToken(tenant, token)).toBe("disabled");
  });

  test("of others end with nobody else's reset", async () => {
    const { tenant, administrator, ctx } = await firmWithTokens();
    const token = await aTokenOf(actingAs(tenant, administrator, ...ctx.actor.permissions), administrator);
    await redeem(tenant, await askForMail(tenant));
    expect(await worthOfToken(tenant, token)).toBe("full");
  });
});
