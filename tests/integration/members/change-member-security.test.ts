import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { askForMail, outcomeOf, redeem } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

type Change = {
  securityGroupId?: string;
  status?: string;
  mustChangePassword?: string;
  enrolmentRequired?: string;
  idleMinutes?: string;
};

/** The form of the page, with what it shows where the change says nothing. */
const formOf = (member: Member, change: Change) => ({
  memberId: member.id,
  securityGroupId: member.securityGroupId,
  status: member.status,
  ...(member.mustChangePassword && { mustChangePassword: "on" }),
  ...change,
});

const stored = async ({ id }: Member) => {
  const [row] = await owner()`
    select status, security_group_id as "group", must_change_password as must from members where id = ${id}`;
  return row as unknown as { status: string; group: string; must: boolean };
};

async function firm() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant, { username: "admin", password: GOOD_PASSWORD });
  const ctx = actingAs(tenant, administrator, ...everything);
  return { tenant, administrator, ctx };
}

describe("an Administrator changes (004-03 to 004-05, 004-11)", () => {
  test("a member's security group", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "read_only" });
    await changeMemberSecurity(ctx, formOf(member, { securityGroupId: await groupOf(tenant, "regular") }));
    expect((await stored(member)).group).toBe(await groupOf(tenant, "regular"));
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "member_security.changed",
        actorId: ctx.actor.memberId,
        targetId: member.id,
        detail: { securityGroup: "Regular User" },
      },
    ]);
  });

  test("that the password must be changed at the next login", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, group: "regular" });
    await changeMemberSecurity(ctx, formOf(member, { mustChangePassword: "on" }));
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("pending");
  });

  test("that a second factor is wanted, and takes it back (004-07, X9)", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "regular" });
    const wanted = async () =>
      (await owner()`select enrolment_required as wanted from members where id = ${member.id}`)[0]?.wanted;
    await changeMemberSecurity(ctx, formOf(member, { enrolmentRequired: "on" }));
    expect(await wanted()).toBe(true);
    await changeMemberSecurity(ctx, formOf(member, {}));
    expect(await wanted()).toBe(false);
    const details = (await auditOf(tenant)).map(({ detail }) => detail);
    expect(details).toEqual([{ enrolmentRequired: true }, { enrolmentRequired: false }]);
  });

  test("after how many minutes without a request a member is signed out, and back to the firm's (I3)", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, group: "regular" });
    const kept = async () =>
      (await owner()`select idle_minutes as own from members where id = ${member.id}`)[0]?.own;
    const idle = async () => {
      await signIn(tenant, "robin", GOOD_PASSWORD);
      const [row] = await owner()`
        select idle_minutes as minutes from sessions where member_id = ${member.id} order by created_at desc limit 1`;
      return row?.minutes;
    };
    await changeMemberSecurity(ctx, formOf(member, { idleMinutes: "10" }));
    expect([await kept(), await idle()]).toEqual([10, 10]);
    await changeMemberSecurity(ctx, formOf(member, {}));
    expect(await kept(), "left out").toBe(10);
    await changeMemberSecurity(ctx, formOf(member, { idleMinutes: "1440" }));
    expect([await kept(), await idle()], "longer than the firm's has no effect").toEqual([1440, 60]);
    await changeMemberSecurity(ctx, formOf(member, { idleMinutes: "" }));
    expect([await kept(), await idle()]).toEqual([null, 60]);
    expect((await auditOf(tenant)).filter(({ event }) => event === "member_security.changed")).toMatchObject([
      { detail: { idleMinutes: "10" } },
      { detail: {} },
      { detail: { idleMinutes: "1440" } },
      { detail: { idleMinutes: "the firm's" } },
    ]);
    for (const idleMinutes of ["4", "1441", "soon", "1e1"]) {
      const error = await refused(tenant, () => changeMemberSecurity(ctx, formOf(member, { idleMinutes })));
      expect(Object.keys(error.fieldErrors), idleMinutes).toEqual(["idleMinutes"]);
    }
  });

  test("the status to disabled, which ends sessions and mailed links at once (E3, SEC48)", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, group: "regular" });
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const mail = await askForMail(tenant);
    await changeMemberSecurity(ctx, formOf(member, { status: "disabled" }));
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await outcomeOf(redeem(tenant, mail))).toBe("unknown");
    await expect(signIn(tenant, "robin", GOOD_PASSWORD)).rejects.toThrow("disabled");

    const disabled = { ...member, status: "disabled" as const };
    await changeMemberSecurity(ctx, formOf(disabled, { status: "enabled" }));
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await outcomeOf(redeem(tenant, mail))).toBe("unknown");
  });
});

describe("nobody grants more than they hold (SEC60)", () => {
  const manager: Permission[] = [
    "members:manage",
    "members:read",
    "workspaces:enter",
    "clients:read",
    "reports:read",
  ];

  test("to another", async () => {
    const { tenant } = await firm();
    const member = await aMember(tenant, { group: "read_only" });
    const change = formOf(member, { securityGroupId: await groupOf(tenant, "administrator") });
    const error = await refused(tenant, () => changeMemberSecurity(actingWith(tenant, ...manager), change));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await refusalsOf(tenant, "member_security.changed")).toEqual([error.reason]);
  });

  test("to themselves", async () => {
    const { tenant } = await firm();
    const self = await aMember(tenant, { permissions: manager });
    const change = formOf(self, { securityGroupId: await groupOf(tenant, "administrator") });
    const attempt = () => changeMemberSecurity(actingAs(tenant, self, ...manager), change);
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
  });

  test("nor touches an account that holds more", async () => {
    const { tenant, administrator } = await firm();
    await aMember(tenant);
    const change = formOf(administrator, { status: "disabled" });
    const attempt = () => changeMemberSecurity(actingWith(tenant, ...manager), change);
    expect(await refused(tenant, attempt)).toMatchObject({ code: "forbidden" });
  });

  test("while what they hold they may grant", async () => {
    const { tenant } = await firm();
    const member = await aMember(tenant, { permissions: ["clients:read"] });
    const change = formOf(member, { securityGroupId: await groupOf(tenant, "read_only") });
    await changeMemberSecurity(actingWith(tenant, ...manager), change);
    expect((await stored(member)).group).toBe(change.securityGroupId);
  });
});

describe("the change at next login is for those who may force it (004-11, E5)", () => {
  const manager = everything.filter((permission) => permission !== "members:force_change");

  test("a forged tick is refused", async () => {
    const { tenant } = await firm();
    const member = await aMember(tenant, { group: "read_only" });
    const forged = formOf(member, { mustChangePassword: "on" });
    const attempt = () => changeMemberSecurity(actingWith(tenant, ...manager), forged);
    expect(await refused(tenant, attempt)).toMatchObject({
      code: "forbidden",
      reason: "needs_members:force_change",
    });
  });

  test("whoever does not see the tick box leaves it as it is", async () => {
    const { tenant } = await firm();
    const member = await aMember(tenant, { group: "read_only", mustChangePassword: true });
    const { mustChangePassword: _, ...form } = formOf(member, { status: "disabled" }) as Change;
    await changeMemberSecurity(actingWith(tenant, ...manager), form);
    expect(await stored(member)).toMatchObject({ status: "disabled", must: true });
  });
});

describe("the last enabled Administrator stays one (SEC60)", () => {
  test.each([
    [
      "not demoted",
      async (tenant: Tenant) => ({ securityGroupId: await groupOf(tenant, "regular") }),
      "securityGroupId",
    ],
    ["not disabled", async () => ({ status: "disabled" }), "status"],
  ] as const)("%s", async (_, change, field) => {
    const { tenant, administrator, ctx } = await firm();
    await aMember(tenant, { status: "disabled" });
    await aMember(tenant, { group: "regular" });
    const wanted = formOf(administrator, await change(tenant));
    const error = await refused(tenant, () => changeMemberSecurity(ctx, wanted));
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });

  test("also when the only other one is frozen, who cannot get in either", async () => {
    const { tenant, administrator, ctx } = await firm();
    await alter(tenant, await aMember(tenant), { frozenAt: new Date() });
    const wanted = formOf(administrator, { status: "disabled" });
    expect(await refused(tenant, () => changeMemberSecurity(ctx, wanted))).toMatchObject({
      code: "conflict",
    });
  });

  test("while one of two may go", async () => {
    const { tenant, administrator, ctx } = await firm();
    await aMember(tenant);
    await changeMemberSecurity(ctx, formOf(administrator, { status: "disabled" }));
    expect((await stored(administrator)).status).toBe("disabled");
  });

  test("also when two demote each other at the same moment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { tenant, administrator, ctx } = await firm();
      const second = await aMember(tenant);
      const regular = await groupOf(tenant, "regular");
      const results = await Promise.allSettled([
        changeMemberSecurity(ctx, formOf(second, { securityGroupId: regular })),
        changeMemberSecurity(
          actingAs(tenant, second, ...everything),
          formOf(administrator, { securityGroupId: regular }),
        ),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
  });
});

describe("two administrators at once (004-03, E6)", () => {
  test("the second sees what the first has saved and nothing is written; saving again goes", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "read_only" });
    const version = String(member.version);
    const regular = await groupOf(tenant, "regular");
    await changeMemberSecurity(ctx, { ...formOf(member, { securityGroupId: regular }), version });
    const second = { ...formOf(member, { status: "disabled" }), version };
    const error = await refused(tenant, () => changeMemberSecurity(ctx, second));
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(error.fieldErrors).toEqual({
      securityGroupId: ["Saved meanwhile: Regular User"],
      status: ["Saved meanwhile: Enabled"],
    });
    await changeMemberSecurity(ctx, { ...second, version: error.version });
    expect((await stored(member)).status).toBe("disabled");
  });
});

describe("is refused, and nothing is written:", () => {
  test("a security group of the other kind of account", async () => {
    const { tenant, ctx } = await firm();
    const [staff, contact] = [
      await aMember(tenant, { group: "regular" }),
      await aMember(tenant, { kind: "contact" }),
    ];
    for (const [member, preset] of [
      [staff, "contact"],
      [contact, "administrator"],
      [contact, "read_only"],
    ] as const) {
      const change = formOf(member, { securityGroupId: await groupOf(tenant, preset) });
      const error = await refused(tenant, () => changeMemberSecurity(ctx, change));
      expect(error).toMatchObject({ code: "invalid" });
      expect(Object.keys(error.fieldErrors)).toEqual(["securityGroupId"]);
    }
  });

  test("a security group of another firm", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "regular" });
    const change = formOf(member, { securityGroupId: await groupOf(await aTenant(), "regular") });
    expect(await refused(tenant, () => changeMemberSecurity(ctx, change))).toMatchObject({ code: "invalid" });
  });

  test("a member of another firm, who is like one who never was (SEC58)", async () => {
    const { tenant, ctx } = await firm();
    const stranger = await aMember(await aTenant(), { group: "regular" });
    const attempt = () => changeMemberSecurity(ctx, formOf(stranger, { status: "disabled" }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found", status: 404 });
    expect((await stored(stranger)).status).toBe("enabled");
  });

  test("a federated member, for whom there is no such page (004-02, E2)", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "regular", federated: true });
    const attempt = () => changeMemberSecurity(ctx, formOf(member, { status: "disabled" }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test.each([
    ["a status that is none", { status: "locked" }],
    ["a tick that is none", { mustChangePassword: "true" }],
    ["a repeated tick", { mustChangePassword: ["on", "on"] as unknown as string }],
    ["a group that is no id", { securityGroupId: "administrator" }],
  ])("%s", async (_, change) => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "regular" });
    const attempt = () => changeMemberSecurity(ctx, formOf(member, change));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "invalid" });
  });

  test("any field that the form does not have", async () => {
    const { tenant, ctx } = await firm();
    const member = await aMember(tenant, { group: "regular" });
    const [before] = await owner()`select to_jsonb(m) as row from members m where id = ${member.id}`;
    const extra = {
      kind: "contact",
      email: "evil@evil.example",
      emailKey: "evil@evil.example",
      tenantId: "x",
    };
    await changeMemberSecurity(ctx, { ...formOf(member, {}), ...extra });
    const [after] = await owner()`select to_jsonb(m) as row from members m where id = ${member.id}`;
    expect(after).toEqual(before);
  });
});
