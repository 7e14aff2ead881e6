import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { addGroupRule } from "#lib/auth/sso/connections/add-group-rule.ts";
import { changeConnection } from "#lib/auth/sso/connections/change-connection.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { moveGroupRule } from "#lib/auth/sso/connections/move-group-rule.ts";
import { previewMapping } from "#lib/auth/sso/connections/preview-mapping.ts";
import { removeGroupRule } from "#lib/auth/sso/connections/remove-group-rule.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import { deleteGroup } from "#lib/groups/delete-group.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aTenant, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function connected() {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const connection = await createConnection(ctx, { kind: "oidc", name: "Provider" });
  const connectionId = connection.id;
  const rule = async (groupValue: string, group: Parameters<typeof groupOf>[1], ticked?: "on") =>
    addGroupRule(ctx, {
      ...{ connectionId, groupValue, securityGroupId: await groupOf(tenant, group) },
      ...(ticked && { allowsAdministrator: ticked }),
    });
  const order = async () =>
    (await getConnection(ctx, connectionId)).rules.map(({ groupValue }) => groupValue);
  return { tenant, ctx, connection, connectionId, rule, order };
}

describe("rules say which security group the provider's groups give (G7)", () => {
  test("the first that matches counts, and the preview says so", async () => {
    const { ctx, connectionId, rule } = await connected();
    await rule("staff", "read_only");
    await rule("editors", "regular");
    const given = async (...groups: string[]) =>
      (await previewMapping(ctx, { connectionId, groups })).groupName;
    expect(await given("editors")).toBe("Regular User");
    expect(await given("editors", "staff")).toBe("Read Only User");
    expect(await given("Editors")).toBeUndefined();
    expect(await given()).toBeUndefined();
  });

  test("whom no rule names gets the firm's own choice, where there is one", async () => {
    const { tenant, ctx, connection, connectionId } = await connected();
    const defaultGroupId = await groupOf(tenant, "orchestration");
    const { name } = connection;
    await changeConnection(ctx, { connectionId, name, firstSignIn: "create", defaultGroupId });
    expect(await previewMapping(ctx, { connectionId, groups: ["anything"] })).toMatchObject({
      groupName: "Orchestration User",
    });
  });

  test("rules are moved and removed, and each is recorded", async () => {
    const { tenant, ctx, connectionId, rule, order } = await connected();
    const { rule: first } = await rule("a", "read_only");
    await rule("b", "regular");
    await moveGroupRule(ctx, { connectionId, ruleId: first.id, to: "down" });
    expect(await order()).toEqual(["b", "a"]);
    await moveGroupRule(ctx, { connectionId, ruleId: first.id, to: "down" });
    expect(await order()).toEqual(["b", "a"]);
    await moveGroupRule(ctx, { connectionId, ruleId: first.id, to: "up" });
    expect(await order()).toEqual(["a", "b"]);
    await removeGroupRule(ctx, { connectionId, ruleId: first.id });
    expect(await order()).toEqual(["b"]);
    const events = (await auditOf(tenant)).map(({ event }) => event).slice(1);
    expect(events).toEqual([
      ...["group_rule.added", "group_rule.added"],
      ...["group_rule.moved", "group_rule.moved", "group_rule.removed"],
    ]);
  });

  test("one of the provider's groups has one rule", async () => {
    const { tenant, rule } = await connected();
    await rule("a", "read_only");
    expect(await refused(tenant, () => rule("a", "regular"))).toMatchObject({ code: "conflict" });
  });
});

describe("no rule leads above the ceiling by accident (G7, SEC60)", () => {
  test("to Administrator only with a tick of its own", async () => {
    const { tenant, ctx, connectionId, rule } = await connected();
    expect(await refused(tenant, () => rule("admins", "administrator"))).toMatchObject({
      code: "invalid",
      fieldErrors: { allowsAdministrator: [expect.any(String)] },
    });
    await rule("admins", "administrator", "on");
    expect(await previewMapping(ctx, { connectionId, groups: ["admins"] })).toMatchObject({
      groupName: "Administrator",
    });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ detail: { allowsAdministrator: true } });
  });

  test("nobody gives by a rule what they do not hold, nor moves such a rule before another", async () => {
    const { tenant, ctx, connectionId, rule } = await connected();
    const little = actingWith(tenant, "sso:manage", "workspaces:enter", "clients:read", "reports:read");
    const securityGroupId = await groupOf(tenant, "regular");
    const attempt = () => addGroupRule(little, { connectionId, groupValue: "x", securityGroupId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
    await rule("low", "read_only");
    const { rule: high } = await rule("high", "regular");
    const move = () => moveGroupRule(little, { connectionId, ruleId: high.id, to: "up" });
    expect(await refused(tenant, move)).toMatchObject({ code: "forbidden" });
    expect((await getConnection(ctx, connectionId)).rules).toHaveLength(2);
  });

  test("nor removes a rule before such a one, or before such a choice of the firm's own", async () => {
    const { tenant, ctx, connection, connectionId, rule } = await connected();
    const little = actingWith(tenant, "sso:manage", "workspaces:enter", "clients:read", "reports:read");
    const { rule: first } = await rule("everybody", "read_only");
    const { rule: high } = await rule("high", "regular");
    const { rule: last } = await rule("last", "read_only");
    const removing = (ruleId: string) => () => removeGroupRule(little, { connectionId, ruleId });
    for (const { id } of [first, high]) {
      expect(await refused(tenant, removing(id))).toMatchObject({ code: "forbidden" });
    }
    const defaultGroupId = await groupOf(tenant, "regular");
    await changeConnection(ctx, { connectionId, name: connection.name, firstSignIn: "link", defaultGroupId });
    expect(await refused(tenant, removing(last.id))).toMatchObject({ code: "forbidden" });
    await changeConnection(ctx, { connectionId, name: connection.name, firstSignIn: "link" });
    await removing(last.id)();
    expect((await getConnection(ctx, connectionId)).rules).toHaveLength(2);
  });

  test("a group that a rule gives cannot be deleted", async () => {
    const { tenant, ctx, connectionId } = await connected();
    const { id: groupId } = await createGroup(ctx, { name: "Auditors", permissions: ["reports:read"] });
    await addGroupRule(ctx, { connectionId, groupValue: "auditors", securityGroupId: groupId });
    expect(await refused(tenant, () => deleteGroup(ctx, { groupId }))).toMatchObject({ code: "conflict" });
  });
});

test("another firm's connection and another connection's rule are not found, and nothing is written", async () => {
  const { tenant, ctx, connectionId, rule } = await connected();
  const { rule: own } = await rule("a", "read_only");
  const stranger = await connected();
  const there = { connectionId: stranger.connectionId, ruleId: own.id };
  const securityGroupId = await groupOf(tenant, "read_only");
  const attempts = [
    () => addGroupRule(ctx, { connectionId: stranger.connectionId, groupValue: "x", securityGroupId }),
    () => removeGroupRule(stranger.ctx, there),
    () => moveGroupRule(stranger.ctx, { ...there, to: "up" }),
    () => previewMapping(stranger.ctx, { connectionId, groups: ["a"] }),
  ];
  for (const attempt of attempts) {
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
  }
});
