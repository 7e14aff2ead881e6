import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { changeMember } from "#lib/members/change-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { openAddressRequest } from "#lib/members/recovery/open-address-request.ts";
import { actingAs, actingWith, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { promise } from "#tests/support/outbox.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const manager: Permission[] = ["clients:read", "clients:manage", "workspaces:enter"];

const formOf = ({ id, name, username, email, version }: Member, more: Record<string, unknown> = {}) => ({
  ...{ memberId: id, name, username, email: email ?? "", version: String(version) },
  ...more,
});

const stored = async ({ id }: Member) => {
  const [row] = await owner()`
    select name, username, username_key, email, email_key, time_zone, version from members where id = ${id}`;
  return row;
};

async function aContact() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
  return { tenant, member, ctx: actingWith(tenant, ...manager) };
}

describe("a profile is changed", () => {
  test("in its name, username and time zone; the log says which, and not what", async () => {
    const { tenant, member, ctx } = await aContact();
    const more = { name: "New Name", username: "newname", timeZone: "Europe/Berlin" };
    await changeMember(ctx, formOf(member, more));
    expect(await stored(member)).toMatchObject({
      ...{ name: "New Name", username_key: "newname", time_zone: "Europe/Berlin", version: 2 },
    });
    const [event] = await auditOf(tenant);
    expect(event).toMatchObject({ event: "member.changed", detail: { fields: "name username timeZone" } });
    expect(JSON.stringify(event)).not.toContain("New Name");
  });

  test("in the address of an account that nobody uses yet: what was mailed to the old one ends, and both are told", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact", username: "robin" });
    const ctx = actingWith(tenant, ...manager);
    await promise(tenant, member, { template: "invitation" });
    const [mail] = await deliveredMail(tenant);
    await changeMember(ctx, formOf(member, { email: "new@mail.example" }));
    const link = await describeLink(visitorOf(tenant), { purpose: "invitation", token: mail?.token ?? "" });
    expect(link.state).toBe("unknown");
    const told = await deliveredMail(tenant);
    expect(told.map(({ to }) => String(to)).sort()).toEqual([member.email, "new@mail.example"].sort());
    const old = told.find(({ to }) => String(to).includes(member.email ?? "?"));
    expect(old?.text).not.toContain("new@mail.example");
  });

  test("and a username that is the address goes with it (DEC10)", async () => {
    const tenant = await aTenant();
    const address = "ann@mail.example";
    const member = await aMember(tenant, { kind: "contact", username: address, email: address });
    await changeMember(actingWith(tenant, ...manager), formOf(member, { email: "new@mail.example" }));
    expect(await stored(member)).toMatchObject({
      ...{ username: "new@mail.example", email_key: "new@mail.example" },
    });
  });
});

describe("the address of somebody who signs in is a key to the account (B12)", () => {
  test("whoever else changes it is sent to the two administrators; name and username they may change", async () => {
    const { tenant, member, ctx } = await aContact();
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    const before = await stored(member);
    const error = await refused(tenant, () =>
      changeMember(ctx, formOf(member, { email: "new@mail.example" })),
    );
    expect(error).toMatchObject({ code: "conflict", fieldErrors: { email: [expect.any(String)] } });
    expect(await stored(member)).toEqual(before);
    await changeMember(ctx, formOf(member, { name: "New Name" }));
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test.each([
    ["that its owner has frozen", { frozenAt: new Date() }],
    ["that has been signed in to, and has no password any more", { lastSignInAt: new Date() }],
  ] as const)("nor does one person an account %s", async (_, state) => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact" });
    await alter(tenant, member, state);
    const form = formOf(member, { email: "new@mail.example", version: undefined });
    const attempt = () => changeMember(actingWith(tenant, ...manager), form);
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
    expect(await stored(member)).toMatchObject({ email: member.email });
  });

  test("nor one whose password was ended, as a freeze and an undone change of address do", async () => {
    const { tenant, member, ctx } = await aContact();
    await owner()`update password_credentials set temporary_until = portal_now() where member_id = ${member.id}`;
    const attempt = () => changeMember(ctx, formOf(member, { email: "new@mail.example" }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
    expect(await stored(member)).toMatchObject({ email: member.email });
  });

  test("nor staff one of a client that they are not assigned to (E7)", async () => {
    const tenant = await aTenant();
    const nora = await aMember(tenant, { group: "regular" });
    const member = await aMember(tenant, { kind: "contact" });
    const [own] = [await aClient(tenant, [member]), await aClient(tenant, [member])];
    await owner()`insert into client_staff (tenant_id, client_id, member_id) values (${tenant.id}, ${own.id}, ${nora.id})`;
    const acting = actingAs(tenant, nora, ...manager);
    const ctx = { ...acting, actor: { ...acting.actor, clientScope: "assigned" as const } };
    const attempt = () => changeMember(ctx, formOf(member, { email: "new@mail.example" }));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
    await changeMember(ctx, formOf(member, { name: "New Name" }));
    expect(await stored(member)).toMatchObject({ email: member.email, name: "New Name" });
  });

  test("an administrator opens a request for it, and finds the open one again", async () => {
    const { tenant, member } = await aContact();
    const ctx = actingWith(tenant, "recovery:manage", ...manager);
    const first = await openAddressRequest(ctx, { memberId: member.id });
    expect(first).toMatchObject({ isNew: true });
    expect(await openAddressRequest(ctx, { memberId: member.id })).toEqual({ ...first, isNew: false });
    expect((await auditOf(tenant)).filter(({ event }) => event === "recovery.opened")).toHaveLength(1);
  });

  test.each([
    ["without the permission", manager, "forbidden"],
    ["for an account that holds more", ["recovery:manage", "clients:read"] as Permission[], "forbidden"],
    ["for whom they do not see", ["recovery:manage"] as Permission[], "not_found"],
  ] as const)("nobody opens one %s", async (_, permissions, code) => {
    const { tenant, member } = await aContact();
    const attempt = () => openAddressRequest(actingWith(tenant, ...permissions), { memberId: member.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code });
  });
});

describe("two administrators at once (E6)", () => {
  test("the second sees what the first has saved, field by field; nothing is written, and saving again goes", async () => {
    const { tenant, member, ctx } = await aContact();
    await changeMember(ctx, formOf(member, { name: "Saved First" }));
    const second = formOf(member, { name: "Typed Second" });
    const error = await refused(tenant, () => changeMember(ctx, second));
    expect(error).toMatchObject({ code: "conflict", version: 2 });
    expect(error.fieldErrors).toEqual({ name: ["Saved meanwhile: Saved First"] });
    await changeMember(ctx, { ...second, version: "2" });
    expect(await stored(member)).toMatchObject({ name: "Typed Second", version: 3 });
  });

  test("nobody is held up who wants what is saved already, or who says no version", async () => {
    const { member, ctx } = await aContact();
    await changeMember(ctx, formOf(member, { name: "Same" }));
    await changeMember(ctx, formOf(member, { name: "Same" }));
    await changeMember(ctx, formOf(member, { name: "Other", version: undefined }));
    expect(await stored(member)).toMatchObject({ name: "Other" });
  });

  test("of two at the same moment one is told", async () => {
    const { member, ctx } = await aContact();
    const results = await Promise.allSettled(
      ["One", "Two"].map((name) => changeMember(ctx, formOf(member, { name }))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("is refused, and nothing is written:", () => {
  test.each([
    ["whoever only reads", ["clients:read", "workspaces:enter"], "forbidden"],
    ["whoever holds less than the account (SEC60)", ["clients:read", "clients:manage"], "forbidden"],
    ["whoever does not see contacts", ["members:read", "members:manage"], "not_found"],
  ] as [string, Permission[], string][])("%s", async (_, permissions, code) => {
    const { tenant, member } = await aContact();
    const form = formOf(member, { name: "X" });
    const error = await refused(tenant, () => changeMember(actingWith(tenant, ...permissions), form));
    expect(error.code).toBe(code);
  });

  test("staff by whoever manages contacts", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { group: "read_only" });
    const attempt = () =>
      changeMember(actingWith(tenant, ...manager, "members:read", "reports:read"), formOf(member));
    expect(await refused(tenant, attempt)).toMatchObject({ reason: "needs_members:manage" });
  });

  test("a deleted account, another firm's, one that never was", async () => {
    const { tenant, member, ctx } = await aContact();
    await alter(tenant, member, { status: "disabled", deletedAt: new Date() });
    const foreign = await aMember(await aTenant(), { kind: "contact" });
    for (const one of [member, foreign, { ...member, id: crypto.randomUUID() }]) {
      expect(await refused(tenant, () => changeMember(ctx, formOf(one)))).toMatchObject({
        code: "not_found",
      });
    }
  });

  test("a name or an address that somebody else has", async () => {
    const { tenant, member, ctx } = await aContact();
    const other = await aMember(tenant, { kind: "contact" });
    for (const [more, field] of [
      [{ username: other.username }, "username"],
      [{ email: other.email }, "email"],
    ] as const) {
      const error = await refused(tenant, () => changeMember(ctx, formOf(member, more)));
      expect(Object.keys(error.fieldErrors)).toEqual([field]);
    }
  });

  test.each([
    ["a time zone that is none", { timeZone: "Mars/Olympus" }],
    ["an address that is none", { email: "nobody" }],
    ["no username and no address", { username: "", email: "" }],
  ])("%s", async (_, more) => {
    const { tenant, member, ctx } = await aContact();
    const error = await refused(tenant, () => changeMember(ctx, formOf(member, more)));
    expect(error.code).toBe("invalid");
  });
});
