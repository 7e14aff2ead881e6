import { expect, test } from "vitest";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { aMember, aTenant, GOOD_PASSWORD, groupOf, OTHER_PASSWORD } from "#tests/support/tenants.ts";

test("a reset and the disabling of its account wait for each other and never deadlock", async () => {
  for (let round = 0; round < 8; round += 1) {
    const tenant = await aTenant();
    const { id: memberId, username } = await aMember(tenant, { kind: "contact", password: GOOD_PASSWORD });
    await requestReset(visitorOf(tenant), { identifier: username });
    const [mail] = await deliveredMail(tenant);
    const input = {
      token: mail?.token,
      code: mail?.code,
      newPassword: OTHER_PASSWORD,
      confirmPassword: OTHER_PASSWORD,
    };
    const administrator = actingWith(tenant, "members:manage", "members:force_change", "workspaces:enter");
    const change = { memberId, securityGroupId: await groupOf(tenant, "contact"), status: "disabled" };

    const [reset] = await Promise.all([
      completeReset(visitorOf(tenant), input),
      changeMemberSecurity(administrator, change),
    ]);

    expect(["reset", "dead"]).toContain(reset.outcome);
  }
});
