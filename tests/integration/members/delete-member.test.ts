import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { changeMember } from "#lib/members/change-member.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { getDeletedMember } from "#lib/members/get-deleted-member.ts";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { restoreMember } from "#lib/members/restore-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const stored = async ({ id }: Member) =>
  (await owner()`select status, deleted_at is not null as deleted from members where id = ${id}`)[0];

async function firm() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant, { name: "Admin" });
  const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
  return { tenant, administrator, member, ctx: actingAs(tenant, administrator, ...everything) };
}

describe("a deleted account", () => {
  test("is out at once and vanishes from lists, counts, the report and every look-up", async () => {
    const { tenant, member, ctx } = await firm();
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    await deleteMember(ctx, { memberId: member.id });
    expect(await worthOf(tenant, session)).toBe("revoked");
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("disabled");
    expect((await listContacts(ctx, {})).total).toBe(0);
    expect((await listContacts(ctx, { q: "robin" })).people).toEqual([]);
    expect(JSON.stringify(await accessReport(ctx, { q: "" }))).not.toContain(member.id);
    for (const use of [
      getMemberProfile(ctx, member.id),
      setAccess(ctx, { memberId: member.id, status: "enabled" }),
    ])
      await expect(use).rejects.toMatchObject({ code: "not_found" });
  });

  test("stands under Deleted, for those who may delete, and comes back disabled with its password", async () => {
    const { tenant, member, ctx } = await firm();
    await deleteMember(ctx, { memberId: member.id });
    expect((await listContacts(ctx, { state: "deleted" })).people.map(({ id }) => id)).toEqual([member.id]);
    expect((await listMembers(ctx, { state: "deleted" })).people).toEqual([]);
    const reader = actingWith(tenant, "clients:read");
    expect((await listContacts(reader, { state: "deleted" })).people).toEqual([]);
    expect(await getDeletedMember(ctx, member.id)).toMatchObject({ id: member.id, mayErase: true });

    await restoreMember(ctx, { memberId: member.id });
    expect(await stored(member)).toEqual({ status: "disabled", deleted: false });
    await setAccess(ctx, { memberId: member.id, status: "enabled" });
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
  });
});

describe("is refused, and nothing is written:", () => {
  test("to delete oneself", async () => {
    const { tenant, administrator, ctx } = await firm();
    await aMember(tenant);
    const attempt = () => deleteMember(ctx, { memberId: administrator.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
  });

  test.each([
    ["a contact by whoever may not delete (Regular User, No Delete)", "clients:delete"],
    ["a contact by whoever sees none", "clients:read"],
  ] as const)("to delete %s", async (_, lacking) => {
    const { tenant, member } = await firm();
    const ctx = actingWith(tenant, ...everything.filter((permission) => permission !== lacking));
    const error = await refused(tenant, () => deleteMember(ctx, { memberId: member.id }));
    expect(error.code).toBe(lacking === "clients:delete" ? "forbidden" : "not_found");
  });

  test("to delete staff by whoever may delete contacts", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "read_only" });
    const permissions = everything.filter((permission) => permission !== "members:delete");
    const attempt = () => deleteMember(actingWith(tenant, ...permissions), { memberId: member.id });
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:delete" });
    await deleteMember(ctx, { memberId: member.id });
  });

  test("to delete or restore another firm's, or one that never was; to restore one who is there", async () => {
    const { tenant, member, ctx } = await firm();
    const foreign = await aMember(await aTenant(), { kind: "contact" });
    for (const id of [foreign.id, crypto.randomUUID()]) {
      for (const use of [deleteMember, restoreMember])
        expect(await refused(tenant, () => use(ctx, { memberId: id }))).toMatchObject({ code: "not_found" });
    }
    const attempt = () => restoreMember(ctx, { memberId: member.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("to restore by whoever may not delete, and to see it", async () => {
    const { tenant, member, ctx } = await firm();
    await deleteMember(ctx, { memberId: member.id });
    const reader = actingWith(tenant, "clients:read", "clients:manage", "workspaces:enter");
    const restore = () => restoreMember(reader, { memberId: member.id });
    expect(await refused(tenant, restore)).toMatchObject({ code: "forbidden" });
    const see = () => getDeletedMember(reader, member.id);
    expect(await refused(tenant, see)).toMatchObject({ code: "not_found" });
  });

  test("to change one who is deleted", async () => {
    const { tenant, member, ctx } = await firm();
    await deleteMember(ctx, { memberId: member.id });
    const { id: memberId, username } = member;
    const attempt = () => changeMember(ctx, { memberId, name: "X", username, email: "x@mail.example" });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});
