import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { createMember } from "#lib/members/create-member-account.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aClient, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const manager: Permission[] = ["clients:read", "clients:manage", "contacts:reset", "workspaces:enter"];

const contact = (clientIds: unknown, more: Record<string, unknown> = {}) => ({
  ...{ kind: "contact", name: "Ann Example", email: "ann@mail.example", clientIds },
  ...more,
});

const staff = async (tenant: Tenant, more: Record<string, unknown> = {}) => ({
  ...{ kind: "staff", name: "Sue Staff", email: "sue@mail.example" },
  securityGroupId: await groupOf(tenant, "regular"),
  ...more,
});

describe("somebody new (001-14)", () => {
  test("is a contact of one or several clients, and is invited where that is wished", async () => {
    const tenant = await aTenant();
    const clients = [await aClient(tenant), await aClient(tenant)];
    const ids = clients.map(({ id }) => id);
    const input = contact(ids, { invite: "on", username: "ann" });
    const { id } = await createMember(actingWith(tenant, ...manager), input);
    const rows = await owner()`
      select m.username, m.email, m.status, g.preset, array_agg(c.client_id::text) as clients
        from members m join client_contacts c on c.member_id = m.id join security_groups g on g.id = m.security_group_id
       where m.id = ${id} group by 1, 2, 3, 4`;
    expect(rows).toMatchObject([
      { username: "ann", email: "ann@mail.example", status: "enabled", preset: "contact" },
    ]);
    expect(new Set(rows[0]?.clients)).toEqual(new Set(ids));
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual(["member.created", "member.invited"]);
    const [mail] = await deliveredMail(tenant);
    expect(mail?.to).toContain("ann@mail.example");
    expect(mail?.link).toContain("/invitation/");
  });

  test("is staff with the group that was chosen, and gets no mail unasked", async () => {
    const tenant = await aTenant();
    const input = await staff(tenant, { username: "" });
    const { id } = await createMember(actingWith(tenant, ...everything), input);
    const [row] = await owner()`select username, security_group_id as "group" from members where id = ${id}`;
    expect(row).toEqual({ username: "sue@mail.example", group: input.securityGroupId });
    expect(await deliveredMail(tenant)).toEqual([]);
  });
});

describe("is refused, and nothing is written:", () => {
  test.each([
    ["a contact by whoever only reads", ["clients:read"]],
    ["an invitation by whoever may send none", ["clients:read", "clients:manage", "workspaces:enter"]],
  ] as [string, Permission[]][])("%s", async (_, permissions) => {
    const tenant = await aTenant();
    const input = contact((await aClient(tenant)).id, { invite: "on" });
    const error = await refused(tenant, () => createMember(actingWith(tenant, ...permissions), input));
    expect(error).toMatchObject({ code: "forbidden" });
  });

  test("staff by whoever manages contacts only", async () => {
    const tenant = await aTenant();
    const input = await staff(tenant);
    const attempt = () => createMember(actingWith(tenant, ...manager), input);
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:manage" });
  });

  test("a group that holds more than the caller (SEC60)", async () => {
    const tenant = await aTenant();
    const input = await staff(tenant, { securityGroupId: await groupOf(tenant, "administrator") });
    const attempt = () => createMember(actingWith(tenant, "members:read", "members:manage"), input);
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
  });

  test("a group of the other kind of account, or of another firm", async () => {
    const tenant = await aTenant();
    const foreign = await groupOf(await aTenant(), "regular");
    for (const securityGroupId of [await groupOf(tenant, "contact"), foreign, "", "regular"]) {
      const input = await staff(tenant, { securityGroupId });
      const error = await refused(tenant, () => createMember(actingWith(tenant, ...everything), input));
      expect(Object.keys(error.fieldErrors)).toEqual(["securityGroupId"]);
    }
  });

  test("a contact of no client, of another firm's, of a deleted one, or of one that the caller does not see (E7)", async () => {
    const tenant = await aTenant();
    const [there, gone] = [await aClient(tenant), await aClient(tenant)];
    await owner()`update clients set deleted_at = portal_now() where id = ${gone.id}`;
    const foreign = await aClient(await aTenant());
    const all = actingWith(tenant, ...manager);
    const assigned = { ...all, actor: { ...all.actor, clientScope: "assigned" as const } };
    for (const [ctx, ids] of [
      [all, []],
      [all, foreign.id],
      [all, gone.id],
      [all, [there.id, foreign.id]],
      [assigned, there.id],
    ] as const) {
      const error = await refused(tenant, () => createMember(ctx, contact(ids)));
      expect(Object.keys(error.fieldErrors)).toEqual(["clientIds"]);
    }
  });

  test.each([
    ["no name", { name: "  " }, "name"],
    ["a name of two lines", { name: "Ann\nBcc: x" }, "name"],
    ["no address", { email: "" }, "email"],
    ["what is no address", { email: "ann" }, "email"],
    ["a look-alike address", { email: "ann@ｍail.example" }, "email"],
    ["somebody else's address as a username", { username: "other@mail.example" }, "username"],
  ])("%s", async (_, more, field) => {
    const tenant = await aTenant();
    const input = contact((await aClient(tenant)).id, more);
    const error = await refused(tenant, () => createMember(actingWith(tenant, ...everything), input));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });
});

describe("names that somebody has", () => {
  test("are not given twice", async () => {
    const tenant = await aTenant();
    const client = await aClient(tenant);
    await aMember(tenant, { username: "ann", email: "ann@mail.example" });
    const ctx = actingWith(tenant, ...everything);
    const same = await refused(tenant, () => createMember(ctx, contact(client.id, { username: "ANN" })));
    expect(same).toMatchObject({ code: "conflict" });
    const address = await refused(tenant, () => createMember(ctx, contact(client.id, { username: "other" })));
    expect(Object.keys(address.fieldErrors)).toEqual(["email"]);
  });

  test("stay reserved when they are deleted, which is told to those who may see deleted ones only", async () => {
    const tenant = await aTenant();
    const administrator = await aMember(tenant);
    const client = await aClient(tenant);
    const gone = await aMember(tenant, { kind: "contact", username: "ann", email: "ann@mail.example" });
    await deleteMember(actingAs(tenant, administrator, ...everything), { memberId: gone.id });
    const attempt = (...permissions: Permission[]) =>
      refused(tenant, () => createMember(actingWith(tenant, ...permissions), contact(client.id)));
    expect((await attempt(...manager, "clients:delete")).message).toMatch(/deleted account/);
    expect((await attempt(...manager)).message).not.toMatch(/deleted/);
  });
});
