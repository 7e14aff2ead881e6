import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import type { Tenant } from "#lib/core/context.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { eraseMember } from "#lib/members/erase-member.ts";
import { explainSignIn } from "#lib/members/explain-sign-in.ts";
import { exportMemberData } from "#lib/members/export-member-data.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { worthOfToken } from "#tests/support/api-tokens.ts";
import { arrive } from "#tests/support/connections.ts";
import { actingAs, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, rowsOf } from "#tests/support/records.ts";
import {
  aDirectory,
  aUserOf,
  type Directory,
  memberOf,
  patchOf,
  refusedBy,
  say,
  withRules,
} from "#tests/support/scim.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function aFirm() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant);
  return { tenant, directory: await aDirectory(tenant), ctx: actingAs(tenant, administrator, ...everything) };
}

const switchTo = (directory: Directory, id: string, value: unknown) =>
  say(directory, `PATCH /Users/${id}`, { body: patchOf({ op: "Replace", path: "active", value }) });

describe("switched off by its directory (H2, E3)", () => {
  test("somebody is out at once on every channel, stays out, and comes back with what is theirs", async () => {
    const { tenant, directory, ctx } = await aFirm();
    const { id } = await aUserOf(directory, { externalId: "subject-1" });
    const member = await memberOf(directory, id);
    const arrived = await arrive(directory.connection, { subject: "subject-1" });
    if (!("session" in arrived)) throw new Error(arrived.outcome);
    expect(arrived.memberId).toBe(member.id);
    const { token } = await generateApiToken(ctx, { memberId: member.id });
    await trustABrowser(tenant, member.id);
    expect([await worthOf(tenant, arrived.session), await worthOfToken(tenant, token)]).toEqual([
      "full",
      "full",
    ]);

    expect((await switchTo(directory, id, "False")).json.active).toBe(false);
    expect([await worthOf(tenant, arrived.session), await worthOfToken(tenant, token)]).toEqual([
      "revoked",
      "revoked",
    ]);
    expect(await openOf(member.id)).toEqual({ sessions: 0, tokens: 0, secrets: 0, trusted: 0 });
    expect(await arrive(directory.connection, { subject: "subject-1" })).toMatchObject({
      outcome: "refused",
    });
    const { canSignIn, obstacles } = await explainSignIn(ctx, member.id);
    expect([canSignIn, obstacles[0]?.code]).toEqual([false, "disabled"]);

    expect((await switchTo(directory, id, "True")).json.active).toBe(true);
    expect(await worthOf(tenant, arrived.session)).toBe("revoked");
    expect(await worthOfToken(tenant, token)).toBe("revoked");
    const again = await arrive(directory.connection, { subject: "subject-1" });
    expect(again).toMatchObject({ outcome: "signed_in", memberId: member.id });
    const events = (await auditOf(tenant)).filter(({ event }) => event === "member.access_set");
    expect(events.map(({ actorKind, detail }) => [actorKind, detail.status])).toEqual([
      ["directory", "disabled"],
      ["directory", "enabled"],
    ]);
  });

  test("whom the firm itself keeps out does not come back by the directory", async () => {
    const { directory, ctx } = await aFirm();
    const { id } = await aUserOf(directory);
    const { id: memberId } = await memberOf(directory, id);
    await setAccess(ctx, { memberId, status: "disabled" });
    expect((await switchTo(directory, id, true)).json.active).toBe(false);
    await switchTo(directory, id, false);
    expect((await switchTo(directory, id, true)).json.active).toBe(false);
    await setAccess(ctx, { memberId, status: "enabled" });
    expect((await switchTo(directory, id, false)).json.active).toBe(false);
    expect((await switchTo(directory, id, true)).json.active, "this time it was the directory").toBe(true);
    await switchTo(directory, id, false);
    await setAccess(ctx, { memberId, status: "enabled" });
    await setAccess(ctx, { memberId, status: "disabled" });
    expect((await switchTo(directory, id, true)).json.active).toBe(false);
  });
});

describe("whom a directory has made", () => {
  test("is found at the first sign-in by the directory's own id (Okta)", async () => {
    const { directory } = await aFirm();
    const { id } = await aUserOf(directory, { externalId: "00u1" });
    const result = await arrive(directory.connection, { subject: "00u1" });
    expect(result).toMatchObject({ outcome: "signed_in", memberId: (await memberOf(directory, id)).id });
  });

  test("or by an id of the directory's that the provider says, and nobody chooses (Entra ID)", async () => {
    const { directory } = await aFirm();
    const { id } = await aUserOf(directory, { userName: "robin@people.example", externalId: "object-1" });
    const claims = { directoryId: "object-1" };
    const result = await arrive(directory.connection, { subject: "pairwise-1", claims });
    const { id: memberId } = await memberOf(directory, id);
    expect(result).toMatchObject({ outcome: "signed_in", memberId });
    const other = await arrive(directory.connection, { subject: "pairwise-2", claims });
    expect(other, "an id that is somebody's by now opens nothing").toMatchObject({ outcome: "link" });
  });

  test.each([
    ["an address", { claims: { email: "robin@people.example", emailVerified: true } }],
    ["another subject", { subject: "nobody" }],
    ["a username, which whoever it is may choose (INC27)", { claims: { username: "robin@people.example" } }],
    ["the id of the resource, or of the member, as subject", {}],
  ])("is not found by %s", async (_, said) => {
    const { directory } = await aFirm();
    const { id } = await aUserOf(directory, { userName: "robin@people.example", externalId: "e-1" });
    const { id: memberId } = await memberOf(directory, id);
    for (const subject of [id, memberId]) {
      expect(await arrive(directory.connection, { subject, ...said })).toMatchObject({ outcome: "link" });
    }
    const rows = await owner()`select 1 from federated_identities where member_id = ${memberId}`;
    expect(rows).toHaveLength(0);
  });

  test("is not found where two fit, nor by another connection of the firm", async () => {
    const { tenant, directory } = await aFirm();
    await aUserOf(directory, { externalId: "same" });
    const other = await aDirectory(tenant);
    expect(await arrive(other.connection, { subject: "same" })).toMatchObject({ outcome: "link" });
    await aUserOf(directory, { externalId: "same" });
    expect(await arrive(directory.connection, { subject: "same" })).toMatchObject({ outcome: "link" });
  });

  test("keeps at a sign-in the group that the directory gives, whatever the provider leaves out", async () => {
    const { directory } = await aFirm();
    await withRules(directory, [{ group: "Leads", gives: "regular_no_delete" }]);
    const { id } = await aUserOf(directory, { externalId: "s-1" });
    await say(directory, "POST /Groups", { body: { displayName: "Leads", members: [{ value: id }] } });
    expect(await arrive(directory.connection, { subject: "s-1" })).toMatchObject({ outcome: "signed_in" });
    expect((await memberOf(directory, id)).preset).toBe("regular_no_delete");
    expect(await arrive(directory.connection, { subject: "s-1" })).toMatchObject({ outcome: "signed_in" });
    expect((await memberOf(directory, id)).preset).toBe("regular_no_delete");
  });

  test("is exported with what the directory has said, and erased with it (J5)", async () => {
    const { tenant, directory, ctx } = await aFirm();
    const { id } = await aUserOf(directory, {
      userName: "quentin@unusual.example",
      emails: [],
      title: "Unusual",
    });
    await refusedBy(directory, "POST /Users", { userName: "quentin@unusual.example" });
    const { id: memberId } = await memberOf(directory, id);
    const { data } = await exportMemberData(ctx, { memberId });
    expect(data.access.directory).toMatchObject([{ attributes: { title: "Unusual" } }]);
    await deleteMember(ctx, { memberId });
    await eraseMember(ctx, { memberId });
    const left = await rowsOf(tenant, (table) => table !== "audit_events");
    expect(JSON.stringify(left)).not.toMatch(/unusual/i);
    await aUserOf(directory, { userName: "quentin@unusual.example", emails: [] });
  });
});

async function trustABrowser(tenant: Tenant, memberId: string): Promise<void> {
  await owner()`
    insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at, trusted_until)
    values (${tenant.id}, ${memberId}, sha256(gen_random_uuid()::text::bytea), 'u', portal_now(),
            portal_now() + interval '30 days')`;
  await owner()`
    insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
    values (${tenant.id}, ${memberId}, 'confirm_email', sha256(gen_random_uuid()::text::bytea), 'a@b.example', 5,
            portal_now() + interval '1 day')`;
}

/** What of a member is open still. */
async function openOf(memberId: string) {
  const [row] = await owner()`
    select (select count(*)::int from sessions where member_id = ${memberId} and revoked_at is null) as sessions,
           (select count(*)::int from api_tokens where member_id = ${memberId} and ended_at is null) as tokens,
           (select count(*)::int from one_time_secrets where member_id = ${memberId} and ended_at is null) as secrets,
           (select count(*)::int from known_devices where member_id = ${memberId}
              and trusted_until > portal_now()) as trusted`;
  return row;
}
