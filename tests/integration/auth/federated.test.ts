import { describe, expect, test } from "vitest";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { describePasswordRules } from "#lib/auth/password/describe-password-rules.ts";
import { hasOwnPassword } from "#lib/auth/password/has-own-password.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import type { Member } from "#lib/members/find-member.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { everything, firmWithTokens } from "#tests/support/api-tokens.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { refused } from "#tests/support/records.ts";
import { aMember, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

type Attempt = (who: { ctx: MemberContext; self: MemberContext; member: Member }) => Promise<unknown>;

const twice = { newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };

/** What is about somebody's password, or the tab of it, by its use case. */
const REFUSED: Record<string, Attempt> = {
  getMemberSecurity: ({ ctx, member }) => getMemberSecurity(ctx, member.id),
  changeMemberSecurity: ({ ctx, member: { id, securityGroupId } }) =>
    changeMemberSecurity(ctx, { memberId: id, securityGroupId, status: "disabled" }),
  setPassword: ({ ctx, member }) => setPassword(ctx, { memberId: member.id, tick: "on", ...twice }),
  changeOwnPassword: ({ self }) => changeOwnPassword(self, { currentPassword: GOOD_PASSWORD, ...twice }),
  describePasswordRules: ({ self }) => describePasswordRules(self, undefined),
};

/** What serves a pending session or a visitor, neither of which is a federated member, and what only says whether. */
const ELSEWHERE = [
  "changePasswordAsDuty",
  "describePasswordRulesAsDuty",
  "hasOwnPassword",
  "signInWithPassword",
];

async function someoneFederated() {
  const { tenant, ctx } = await firmWithTokens();
  const member = await aMember(tenant, { username: "federated", federated: true, group: "regular" });
  return { tenant, ctx, member, self: actingAs(tenant, member, ...everything) };
}

describe("for a federated member there is nothing of a password (004-02, E2):", () => {
  test("every use case about one is in this table, a new one too", () => {
    const about = declaredUseCases().filter(({ name }) => /Password|MemberSecurity/.test(name));
    expect(about.map(({ name }) => name).sort()).toEqual([...Object.keys(REFUSED), ...ELSEWHERE].sort());
  });

  test.each(Object.entries(REFUSED))("%s finds nobody, and writes nothing", async (_, attempt) => {
    const who = await someoneFederated();
    expect(await refused(who.tenant, () => attempt(who))).toMatchObject({ code: "not_found", status: 404 });
  });

  test.each(Object.entries(REFUSED))("%s finds a member with a password", async (_, attempt) => {
    const { tenant, ctx, robin } = await firmWithTokens();
    const self = actingAs(tenant, robin, ...everything);
    const error = await attempt({ ctx, self, member: robin }).catch((reason: unknown) => reason);
    expect(error).not.toMatchObject({ code: "not_found" });
  });

  test("nothing says that there is one", async () => {
    const { self } = await someoneFederated();
    expect(await hasOwnPassword(self, undefined)).toBe(false);
  });

  test("and an API token brings none with it", async () => {
    const { tenant, ctx, member } = await someoneFederated();
    await generateApiToken(ctx, { memberId: member.id });
    expect(
      await owner()`select 1 from password_credentials where member_id = ${member.id} and tenant_id = ${tenant.id}`,
    ).toHaveLength(0);
  });
});
