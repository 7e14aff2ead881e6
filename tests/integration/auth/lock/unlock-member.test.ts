import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { unlockMember } from "#lib/auth/lock/unlock-member.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const tryIn = async (tenant: Tenant, password: string) => {
  const result = await signInWithPassword(visitorOf(tenant), { identifier: "robin", password });
  return result.outcome === "refused" ? result.reason : result.outcome;
};

async function someoneLocked(kind: "staff" | "contact" = "contact") {
  const tenant = await withOptions(await aTenant(), { lockAfter: 3 });
  const member = await aMember(tenant, { kind, username: "robin", password: GOOD_PASSWORD });
  for (let time = 0; time < 3; time += 1) await tryIn(tenant, "not this one");
  expect(await tryIn(tenant, GOOD_PASSWORD)).toBe("locked");
  const unlock = (...permissions: Permission[]) =>
    unlockMember(actingWith(tenant, ...permissions), { memberId: member.id });
  return { tenant, member, unlock };
}

describe("whoever may send a reset opens a locked account (000-19, DEC6)", () => {
  test.each([
    ["a contact's", "contact", ["contacts:reset"]],
    ["a member of the staff's", "staff", ["contacts:reset", "members:reset"]],
  ] as [string, "staff" | "contact", Permission[]][])("%s", async (_, kind, permissions) => {
    const { tenant, member, unlock } = await someoneLocked(kind);
    expect(await unlock(...permissions)).toEqual({ id: member.id, wasCounted: true });
    expect(await tryIn(tenant, GOOD_PASSWORD)).toBe("signed_in");
    expect((await auditOf(tenant)).find(({ event }) => event === "account.unlocked")).toMatchObject({
      actorKind: "member",
      targetId: member.id,
      detail: { wasCounted: true },
    });
  });

  test("the count begins anew, and the password stays as it is", async () => {
    const { tenant, unlock } = await someoneLocked();
    const before = (await rowsOf(tenant)).password_credentials;
    await unlock("contacts:reset");
    expect((await rowsOf(tenant)).sign_in_failures).toEqual([]);
    expect((await rowsOf(tenant)).password_credentials).toEqual(before);
    for (let time = 0; time < 2; time += 1)
      expect(await tryIn(tenant, "not this one")).toBe("wrong_password");
    expect(await tryIn(tenant, GOOD_PASSWORD)).toBe("signed_in");
  });
});

describe("is refused, and the account stays locked:", () => {
  test("to staff who may not reset contacts", async () => {
    const { tenant, unlock } = await someoneLocked();
    const error = await refused(tenant, () => unlock("members:reset", "members:manage"));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(tenant, "account.unlocked")).toEqual(["needs_contacts:reset"]);
    expect(await tryIn(tenant, GOOD_PASSWORD)).toBe("locked");
  });

  test("for a staff account, to whoever may reset contacts only", async () => {
    const { tenant, unlock } = await someoneLocked("staff");
    const error = await refused(tenant, () => unlock("contacts:reset"));
    expect(error).toMatchObject({ code: "forbidden", reason: "needs_members:reset" });
    expect(await tryIn(tenant, GOOD_PASSWORD)).toBe("locked");
  });

  test("for a person of another firm, who is like one who never was (SEC58)", async () => {
    const { tenant: other, member } = await someoneLocked();
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "contacts:reset", "members:reset");
    const error = await refused(tenant, () => unlockMember(ctx, { memberId: member.id }));
    expect(error).toMatchObject({ code: "not_found", status: 404 });
    expect(await tryIn(other, GOOD_PASSWORD)).toBe("locked");
  });
});
