import { describe, expect, test } from "vitest";
import { GROUP_PRESETS, PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { changeGroup } from "#lib/groups/change-group.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import { deleteGroup } from "#lib/groups/delete-group.ts";
import { getGroup } from "#lib/groups/get-group.ts";
import { listGroups } from "#lib/groups/list-groups.ts";
import { previewGroupChange } from "#lib/groups/preview-group-change.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, contextOf, signIn, visitorOf } from "#tests/support/contexts.ts";
import { secretOfNewApp } from "#tests/support/factors.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];
const auditors = { name: "Auditors", permissions: ["clients:read", "reports:read"] as Permission[] };

const narrow = (ctx: MemberContext): MemberContext => ({
  ...ctx,
  actor: { ...ctx.actor, clientScope: "assigned" },
});

async function firm() {
  const tenant = await aTenant();
  return { tenant, ctx: actingWith(tenant, ...everything) };
}

/** Who may manage groups and little else. */
const manager = (tenant: Tenant) => actingWith(tenant, "groups:manage", "clients:read", "reports:read");

const formOf = (group: Awaited<ReturnType<typeof createGroup>>, change: object = {}) => {
  const { id: groupId, name, description, permissions, clientScope, version } = group;
  return { groupId, name, description, permissions, clientScope, version, ...change };
};

describe("a firm's security groups are the presets and its own (004-04, E1)", () => {
  test("each is listed with how many people are in it", async () => {
    const { tenant, ctx } = await firm();
    await aMember(tenant, { group: "read_only" });
    await createGroup(ctx, auditors);
    const groups = await listGroups(ctx);
    expect(groups.map(({ name, members }) => [name, members])).toEqual([
      ...GROUP_PRESETS.map(({ preset, name }) => [name, preset === "read_only" ? 1 : 0]),
      ["Auditors", 0],
    ]);
  });

  test("one is made from nothing, and recorded", async () => {
    const { tenant, ctx } = await firm();
    const { id } = await createGroup(ctx, { name: " Nobody in particular " });
    const { group, changeable, people } = await getGroup(ctx, id);
    expect(group).toMatchObject({
      name: "Nobody in particular",
      permissions: [],
      preset: null,
      clientScope: "all",
    });
    expect({ changeable, people }).toEqual({ changeable: true, people: { present: 0, deleted: 0 } });
    expect(await auditOf(tenant)).toMatchObject([{ event: "group.created", targetId: id }]);
  });

  test("one is changed and deleted again, and both are recorded with what changed", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    await changeGroup(ctx, formOf(group, { name: "Readers", permissions: ["clients:read", "audit:read"] }));
    await deleteGroup(ctx, { groupId: group.id });
    expect((await listGroups(ctx)).map(({ name }) => name)).not.toContain("Readers");
    expect((await auditOf(tenant)).slice(1)).toMatchObject([
      { event: "group.changed", detail: { name: "Readers", added: "audit:read", removed: "reports:read" } },
      { event: "group.deleted", targetId: group.id, detail: { name: "Readers" } },
    ]);
  });

  test("saving what is saved already records nothing, and overtakes nobody (E6)", async () => {
    const { tenant, ctx } = await firm();
    const created = await createGroup(ctx, auditors);
    const { group } = await changeGroup(ctx, formOf(created));
    expect(group.version).toBe(created.version);
    expect(await auditOf(tenant)).toHaveLength(1);
  });
});

describe("a change counts from the next request on (SEC48)", () => {
  test("what is taken is gone, and what is given is there, in a session that goes on", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await alter(tenant, member, { securityGroupId: group.id });
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const held = async () => [...((await contextOf(tenant, session)).actor?.permissions ?? [])].sort();
    expect(await held()).toEqual(["clients:read", "reports:read"]);
    await changeGroup(ctx, formOf(group, { permissions: ["audit:read"], clientScope: "assigned" }));
    expect(await held()).toEqual(["audit:read"]);
    expect((await contextOf(tenant, session)).actor?.clientScope).toBe("assigned");
  });
});

describe("nobody grants more than they hold (SEC60): it is refused, recorded, and nothing is written", () => {
  test("creating a group with a permission that one lacks", async () => {
    const { tenant } = await firm();
    const wanted = { name: "Bosses", permissions: ["clients:read", "members:manage"] };
    const error = await refused(tenant, () => createGroup(manager(tenant), wanted));
    expect(error).toMatchObject({ code: "forbidden", reason: "does_not_hold_members:manage" });
    expect(await refusalsOf(tenant, "group.created")).toEqual(["does_not_hold_members:manage"]);
  });

  test("giving a group a permission that one lacks", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    const change = formOf(group, { permissions: [...auditors.permissions, "audit:read"] });
    const error = await refused(tenant, () => changeGroup(manager(tenant), change));
    expect(error).toMatchObject({ code: "forbidden", reason: "does_not_hold_audit:read" });
    expect(await refusalsOf(tenant, "group.changed")).toEqual(["does_not_hold_audit:read"]);
  });

  test("changing a group that holds more, even to take from it", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, { name: "Bosses", permissions: ["members:manage"] });
    const attempt = () => changeGroup(manager(tenant), formOf(group, { permissions: [] }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
  });

  test("deleting a group that holds more", async () => {
    const { tenant, ctx } = await firm();
    const { id: groupId } = await createGroup(ctx, { name: "Bosses", permissions: ["members:manage"] });
    const error = await refused(tenant, () => deleteGroup(manager(tenant), { groupId }));
    expect(error).toMatchObject({ code: "forbidden" });
  });

  test("giving the sight of all clients, by somebody who sees assigned ones (E7)", async () => {
    const { tenant, ctx } = await firm();
    const error = await refused(tenant, () => createGroup(narrow(ctx), { ...auditors, clientScope: "all" }));
    expect(error).toMatchObject({ code: "forbidden", reason: "does_not_hold_all_clients" });
    const group = await createGroup(narrow(ctx), { ...auditors, clientScope: "assigned" });
    const widen = () => changeGroup(narrow(ctx), formOf(group, { clientScope: "all" }));
    expect(await refused(tenant, widen)).toMatchObject({ reason: "does_not_hold_all_clients" });
  });

  test("putting somebody into a group that sees all clients, by somebody who does not (E7)", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, { ...auditors, clientScope: "assigned" });
    const member = await aMember(tenant);
    await alter(tenant, member, { securityGroupId: group.id });
    const securityGroupId = await groupOf(tenant, "read_only");
    const change = { memberId: member.id, securityGroupId, status: "enabled" };
    const attempt = () => changeMemberSecurity(narrow(ctx), change);
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "does_not_hold_all_clients" });
  });
});

describe("presets are what they are (004-04)", () => {
  test.each(GROUP_PRESETS.map(({ preset }) => preset))("%s cannot be changed", async (preset) => {
    const { tenant, ctx } = await firm();
    const { group } = await getGroup(ctx, await groupOf(tenant, preset));
    const attempt = () => changeGroup(ctx, formOf(group, { name: "Ours" }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden", reason: "preset_group" });
  });

  test.each(GROUP_PRESETS.map(({ preset }) => preset))("%s cannot be deleted", async (preset) => {
    const { tenant, ctx } = await firm();
    const groupId = await groupOf(tenant, preset);
    const attempt = () => deleteGroup(ctx, { groupId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden", reason: "preset_group" });
  });
});

describe("is refused beside its field, and writes nothing:", () => {
  test.each([
    ["no name", { name: "  " }, "name"],
    ["a name that is too long", { name: "x".repeat(81) }, "name"],
    ["a description that is too long", { name: "Ours", description: "x".repeat(501) }, "description"],
    ["a permission that does not exist", { name: "Ours", permissions: ["everything"] }, "permissions"],
    ["a client scope that does not exist", { name: "Ours", clientScope: "none" }, "clientScope"],
  ])("%s", async (_, wanted, field) => {
    const { tenant, ctx } = await firm();
    const error = await refused(tenant, () => createGroup(ctx, wanted));
    expect(error.code).toBe("invalid");
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });

  test("a name that another group has, in whichever case, of a new one and of one that is changed", async () => {
    const { tenant, ctx } = await firm();
    const taken = { code: "conflict", fieldErrors: { name: ["Another security group has this name."] } };
    const create = () => createGroup(ctx, { name: "read only USER" });
    expect(await refused(tenant, create)).toMatchObject(taken);
    const group = await createGroup(ctx, auditors);
    const rename = () => changeGroup(ctx, formOf(group, { name: "Administrator" }));
    expect(await refused(tenant, rename)).toMatchObject(taken);
    await changeGroup(ctx, formOf(group, { name: "AUDITORS" }));
  });

  test("a group of another firm is one that does not exist", async () => {
    const { ctx } = await firm();
    const { id } = await createGroup(ctx, auditors);
    const { tenant, ctx: stranger } = await firm();
    const change = () => changeGroup(stranger, { ...auditors, groupId: id });
    expect(await refused(tenant, change)).toMatchObject({ code: "not_found" });
    const remove = () => deleteGroup(stranger, { groupId: id });
    expect(await refused(tenant, remove)).toMatchObject({ code: "not_found" });
    await expect(getGroup(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(getGroup(stranger, "no-id")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("two administrators at once (E6)", () => {
  test("the second is told what the first has saved, and may then save", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    await changeGroup(ctx, formOf(group, { name: "Readers", permissions: ["clients:read"] }));
    const second = formOf(group, { permissions: [...auditors.permissions, "audit:read"] });
    const error = await refused(tenant, () => changeGroup(ctx, second));
    expect(error).toMatchObject({
      code: "conflict",
      fieldErrors: {
        name: ["Saved meanwhile: Readers"],
        permissions: ["Saved meanwhile: without “Read the audit log”, without “Run reports”"],
      },
    });
    await changeGroup(ctx, { ...second, version: error.version });
    expect((await getGroup(ctx, group.id)).group.permissions).toContain("audit:read");
  });
});

describe("somebody stays in charge (SEC60)", () => {
  const inCharge = { name: "Chiefs", permissions: ["groups:manage", "members:manage"] as Permission[] };

  test("what the last ones hold is not taken from them", async () => {
    const { tenant, ctx } = await firm();
    const chiefs = await createGroup(ctx, inCharge);
    const chief = await aMember(tenant);
    await alter(tenant, chief, { securityGroupId: chiefs.id });
    const self = actingAs(tenant, chief, ...everything);
    const change = formOf(chiefs, { permissions: ["groups:manage"] });
    const error = await refused(tenant, () => changeGroup(self, change));
    expect(error).toMatchObject({ code: "conflict" });
    expect(error.fieldErrors.permissions?.[0]).toContain("Nobody else of your firm could manage members");
    const frozen = await aMember(tenant);
    await alter(tenant, frozen, { frozenAt: new Date() });
    expect(await refused(tenant, () => changeGroup(self, change))).toMatchObject({ code: "conflict" });
    await aMember(tenant);
    await changeGroup(self, change);
  });
});

describe("a group asks for a second factor where the firm does not (F4)", () => {
  const people = async (tenant: Tenant, groupId: string) => {
    const named = async (name: string, password?: string) => {
      const member = await aMember(tenant, { name, password });
      await alter(tenant, member, { securityGroupId: groupId });
      return member;
    };
    const ada = await named("Ada", GOOD_PASSWORD);
    await secretOfNewApp(tenant, await named("Ben", GOOD_PASSWORD));
    await named("Cleo");
    await alter(tenant, await named("Dan", GOOD_PASSWORD), { status: "disabled" });
    return ada;
  };

  const dutiesOf = async (tenant: Tenant, { username: identifier }: { username: string }) => {
    const result = await signInWithPassword(visitorOf(tenant), { identifier, password: GOOD_PASSWORD });
    return result.outcome === "refused" ? result.reason : result.session.duties;
  };

  test("before it is saved those are named whom it would ask, with the day where it lies ahead; then it asks them", async () => {
    const { tenant, ctx } = await firm();
    const now = await clock.stop();
    const group = await createGroup(ctx, auditors);
    const ada = await people(tenant, group.id);
    const from = after(now, DAY);
    const { enrolling } = await previewGroupChange(
      ctx,
      formOf(group, { secondFactorFrom: from.toISOString() }),
    );
    expect(enrolling).toEqual({ total: 2, from, names: ["Ada", "Cleo"] });
    const change = formOf(group, { secondFactorFrom: "" });
    expect((await previewGroupChange(ctx, change)).enrolling).toMatchObject({ total: 2, from: undefined });
    expect(await dutiesOf(tenant, ada)).toEqual([]);
    await changeGroup(ctx, change);
    expect(await dutiesOf(tenant, ada)).toEqual(["enroll_second_factor"]);
    expect((await auditOf(tenant)).at(-2)).toMatchObject({
      event: "group.changed",
      detail: { secondFactorFrom: now.toISOString() },
    });
    expect((await previewGroupChange(manager(tenant), change)).enrolling.names).toEqual([]);
    await clock.reset();
  });

  test("nobody is named whom the firm asks already, and no group takes away what the firm asks for", async () => {
    const { tenant, ctx } = await firm();
    await withOptions(tenant, { secondFactor: "required" });
    const group = await createGroup(ctx, auditors);
    const ada = await people(tenant, group.id);
    const change = formOf(group, { secondFactorFrom: "" });
    expect((await previewGroupChange(ctx, change)).enrolling.total).toBe(0);
    await changeGroup(ctx, formOf(group, { secondFactorFrom: "9999-01-01T00:00:00Z" }));
    expect(await dutiesOf(tenant, ada)).toEqual(["enroll_second_factor"]);
    await changeGroup(ctx, formOf(group, { version: undefined, secondFactorFrom: null }));
    expect(await dutiesOf(tenant, ada)).toEqual(["enroll_second_factor"]);
  });

  test("a preset says when, and nothing else of it can be changed", async () => {
    const { tenant, ctx } = await firm();
    const id = await groupOf(tenant, "administrator");
    const { group } = await getGroup(ctx, id);
    const changed = await changeGroup(ctx, formOf(group, { secondFactorFrom: "" }));
    expect(changed.group.secondFactorFrom).toBeInstanceOf(Date);
    const error = await refused(tenant, () =>
      changeGroup(ctx, formOf(changed.group, { name: "Bosses", secondFactorFrom: null })),
    );
    expect(error).toMatchObject({ code: "forbidden", reason: "preset_group" });
  });

  test("what is required already goes on since then, and a form without the field changes nothing of it", async () => {
    const { tenant, ctx } = await firm();
    const created = await createGroup(ctx, { ...auditors, secondFactorFrom: "2026-01-01T00:00:00Z" });
    for (const change of [{ secondFactorFrom: "" }, {}]) {
      const { group } = await changeGroup(ctx, formOf(created, change));
      expect(group.secondFactorFrom).toEqual(new Date("2026-01-01T00:00:00Z"));
    }
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual(["group.created"]);
  });

  test("of a group that can do more than they can nobody says so (SEC60)", async () => {
    const { tenant, ctx } = await firm();
    const { group } = await getGroup(ctx, await groupOf(tenant, "administrator"));
    const error = await refused(tenant, () =>
      changeGroup(manager(tenant), formOf(group, { secondFactorFrom: "" })),
    );
    expect(error).toMatchObject({ code: "forbidden" });
  });

  test("of two who change one at once the second is told what the first has saved (E6)", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    await changeGroup(ctx, formOf(group, { secondFactorFrom: "2031-01-01T00:00:00Z" }));
    const error = await refused(tenant, () => changeGroup(ctx, formOf(group, { secondFactorFrom: null })));
    expect(error.fieldErrors).toEqual({
      secondFactor: [expect.stringContaining("Saved meanwhile: Required from 1 Jan 2031")],
    });
  });
});

describe("before what is taken is saved, it is said whom it touches", () => {
  test("by number and by the first names, and whether oneself is among them", async () => {
    const { tenant, ctx } = await firm();
    const group = await createGroup(ctx, auditors);
    const people = ["Cleo", "Ada", "Ben", "Fay", "Dan", "Eve"];
    for (const name of people) {
      await alter(tenant, await aMember(tenant, { name }), { securityGroupId: group.id });
    }
    const change = formOf(group, { permissions: ["clients:read"] });
    expect(await previewGroupChange(ctx, change)).toMatchObject({
      changes: { removed: ["reports:read"], added: [] },
      affected: 6,
      names: ["Ada", "Ben", "Cleo", "Dan", "Eve"],
      own: false,
    });
    expect((await previewGroupChange(manager(tenant), change)).names, "without members:read").toEqual([]);
    const self = await aMember(tenant);
    await alter(tenant, self, { securityGroupId: group.id });
    expect((await previewGroupChange(actingAs(tenant, self, ...everything), change)).own).toBe(true);
  });

  test("contacts by name only to whoever sees those of all clients (E7)", async () => {
    const { tenant } = await firm();
    await aMember(tenant, { kind: "contact", name: "Cleo" });
    const { group } = await getGroup(manager(tenant), await groupOf(tenant, "contact"));
    const previewBy = async (ctx: MemberContext) => {
      const { affected, names } = await previewGroupChange(ctx, formOf(group, { secondFactorFrom: "" }));
      expect(affected).toBe(1);
      return names;
    };
    expect(await previewBy(actingWith(tenant, "groups:manage", "members:read"))).toEqual([]);
    expect(await previewBy(narrow(manager(tenant)))).toEqual([]);
    expect(await previewBy(manager(tenant))).toEqual(["Cleo"]);
  });
});

describe("a group is deleted when nobody is in it", () => {
  test("those who are in it, and deleted ones that could be restored, stand in the way and are counted", async () => {
    const { tenant, ctx } = await firm();
    const { id: groupId } = await createGroup(ctx, auditors);
    const member = await aMember(tenant);
    await alter(tenant, member, { securityGroupId: groupId });
    const gone = await aMember(tenant);
    await alter(tenant, gone, { securityGroupId: groupId, status: "disabled", deletedAt: new Date() });
    const error = await refused(tenant, () => deleteGroup(ctx, { groupId }));
    expect(error).toMatchObject({ code: "conflict" });
    expect(error.fieldErrors.groupId).toEqual([
      "1 person and 1 deleted person are in this security group. Give them another one first.",
    ]);
  });

  test("what is left of an erased person does not", async () => {
    const { tenant, ctx } = await firm();
    const { id: groupId } = await createGroup(ctx, auditors);
    const now = new Date();
    const erased = { securityGroupId: groupId, status: "disabled", deletedAt: now, erasedAt: now } as const;
    await alter(tenant, await aMember(tenant), erased);
    await deleteGroup(ctx, { groupId });
    await expect(getGroup(ctx, groupId)).rejects.toMatchObject({ code: "not_found" });
  });
});
