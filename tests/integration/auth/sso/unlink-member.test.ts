import { beforeEach, describe, expect, test } from "vitest";
import { unlinkMember } from "#lib/auth/sso/unlink-member.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { aLiveConnection, arrive, federate, type LiveConnection } from "#tests/support/connections.ts";
import { actingWith, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { oneMail } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant } from "#tests/support/tenants.ts";

let tenant: Tenant;
let member: Member;
let connection: LiveConnection;

beforeEach(async () => {
  tenant = await aTenant();
  member = await aMember(tenant, { group: "regular" });
  connection = await aLiveConnection(tenant);
  await federate(tenant, member, connection);
});

const manager = () =>
  actingWith(
    tenant,
    "members:read",
    "members:manage",
    "workspaces:enter",
    "clients:read",
    "reports:read",
    "clients:manage",
    "clients:delete",
    "contacts:reset",
    "contacts:disable",
    "contacts:import",
  );

test("an account goes back from single sign-on: signed out, and the provider opens it no more (G6)", async () => {
  const before = await arrive(connection, { subject: "ada" });
  if (!("session" in before)) throw new Error(before.outcome);
  await unlinkMember(manager(), { memberId: member.id });
  expect(await worthOf(tenant, before.session)).toBe("revoked");
  expect(await arrive(connection, { subject: "ada" })).toMatchObject({ outcome: "link" });
  const [row] = await owner()`select connection_id from members where id = ${member.id}`;
  expect(row?.connection_id).toBeNull();
  expect((await auditOf(tenant)).map(({ event }) => event)).toContain("member.unlinked");
});

test("and its owner is told, with a way to stop it (SEC31)", async () => {
  await unlinkMember(manager(), { memberId: member.id });
  const { text } = await oneMail(tenant, "sso-ended");
  expect(text).toContain("no longer opens it");
  expect(text).toContain("/not-me/");
});

test("who is not bound to single sign-on may be let go while others are (G5)", async () => {
  const contact = await aMember(tenant, { kind: "contact" });
  await federate(tenant, contact, connection, "kim");
  await enforce("staff");
  await unlinkMember(manager(), { memberId: contact.id });
});

const enforce = (scope: "staff" | "everybody") => owner()`
  insert into sso_enforcements (tenant_id, scope, enforced_from) values (${tenant.id}, ${scope}, portal_now())`;

describe("nothing changes, and it is said why, when", () => {
  test("the account is not linked", async () => {
    const other = await aMember(tenant, { group: "regular" });
    const error = await refused(tenant, () => unlinkMember(manager(), { memberId: other.id }));
    expect(error).toMatchObject({ code: "conflict" });
  });

  test("there is no address to send a way in to", async () => {
    await alter(tenant, member, { email: null, emailKey: null });
    const error = await refused(tenant, () => unlinkMember(manager(), { memberId: member.id }));
    expect(error).toMatchObject({ code: "conflict", message: expect.stringContaining("no e-mail address") });
  });

  test("nothing but single sign-on would let them in (G5)", async () => {
    await enforce("staff");
    const error = await refused(tenant, () => unlinkMember(manager(), { memberId: member.id }));
    expect(error).toMatchObject({ code: "conflict", message: expect.stringContaining("only way in") });
  });

  test("the firm's directory has made the account (H1)", async () => {
    await owner()`insert into scim_users (tenant_id, connection_id, member_id, user_name, user_name_key, attributes, changed_at)
      values (${tenant.id}, ${connection.id}, ${member.id}, 'u', 'u', '{}', now())`;
    const error = await refused(tenant, () => unlinkMember(manager(), { memberId: member.id }));
    expect(error).toMatchObject({ code: "conflict", message: expect.stringContaining("directory") });
  });

  test("the caller may not change members", async () => {
    const error = await refused(tenant, () =>
      unlinkMember(actingWith(tenant, "members:read"), { memberId: member.id }),
    );
    expect(error.code).toBe("forbidden");
  });

  test("the account is another firm's", async () => {
    const elsewhere = await aTenant();
    const theirs = actingWith(elsewhere, "members:read", "members:manage");
    const error = await refused(tenant, () => unlinkMember(theirs, { memberId: member.id }));
    expect(error.code).toBe("not_found");
  });
});
