import { describe, expect, test } from "vitest";
import type { GroupPreset } from "#lib/access/permissions.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf } from "#tests/support/records.ts";
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

/** A firm with somebody who administers it, and a directory with these rules. */
async function ruled(rules: [string, GroupPreset, boolean?][], usual?: GroupPreset | undefined) {
  const tenant = await aTenant();
  await aMember(tenant);
  const directory = await aDirectory(tenant, usual);
  await withRules(
    directory,
    rules.map(([group, gives, allowsAdministrator = false]) => ({ group, gives, allowsAdministrator })),
  );
  return directory;
}

async function aGroup(directory: Directory, displayName: string, users: string[] = [], externalId?: string) {
  const body = { displayName, members: users.map((value) => ({ value })), ...(externalId && { externalId }) };
  const { status, json } = await say(directory, "POST /Groups", { body });
  expect([status, json.detail]).toEqual([201, undefined]);
  return json as { id: string; meta: { version: string } };
}

const presetOf = async (directory: Directory, userId: string) => (await memberOf(directory, userId)).preset;

const openSessionOf = async ({ tenant }: Directory, memberId: string) => {
  await owner()`
    insert into sessions (tenant_id, token_hash, member_id, kind, method, host, source, user_agent, last_seen_at,
      idle_minutes, expires_at)
    values (${tenant.id}, sha256(gen_random_uuid()::text::bytea), ${memberId}, 'full', 'password', 'h', 's', 'u',
      portal_now(), 60, portal_now() + interval '1 day')`;
};

const openSessions = async (memberId: string) =>
  (
    await owner()`select count(*)::int as number from sessions where member_id = ${memberId} and revoked_at is null`
  )[0]?.number;

describe("a group of the directory gives a security group at once (DEC5, SEC84)", () => {
  test("by the first rule that fits, in the firm's order, and by its name or the directory's own id", async () => {
    const directory = await ruled([
      ["Leads", "regular"],
      ["object-7", "regular_no_delete"],
      ["All", "orchestration"],
    ]);
    const { id } = await aUserOf(directory);
    const all = await aGroup(directory, "All", [id]);
    expect(await presetOf(directory, id)).toBe("orchestration");
    await aGroup(directory, "Support", [id], "object-7");
    expect(await presetOf(directory, id)).toBe("regular_no_delete");
    const leads = await aGroup(directory, "Leads");
    const add = patchOf({ op: "Add", path: "members", value: [{ value: id }] });
    expect((await say(directory, `PATCH /Groups/${leads.id}`, { body: add })).json.members).toHaveLength(1);
    expect(await presetOf(directory, id)).toBe("regular");
    const remove = patchOf({ op: "Remove", path: `members[value eq "${id}"]` });
    expect((await say(directory, `PATCH /Groups/${leads.id}`, { body: remove })).json.members).toEqual([]);
    expect(await presetOf(directory, id)).toBe("regular_no_delete");
    expect((await say(directory, `GET /Users/${id}`)).json.groups).toHaveLength(2);
    expect((await say(directory, `DELETE /Groups/${all.id}`)).status).toBe(204);
    expect(await presetOf(directory, id)).toBe("regular_no_delete");
    const events = (await auditOf(directory.tenant)).filter(
      ({ event }) => event === "member_security.changed",
    );
    expect(events.map(({ actorKind }) => actorKind)).toEqual(Array(4).fill("directory"));
  });

  test("in each dialect of taking somebody out", async () => {
    const directory = await ruled([["Leads", "regular"]], "orchestration");
    const { id } = await aUserOf(directory);
    const { id: other } = await aUserOf(directory);
    const leads = await aGroup(directory, "Leads", [id, other]);
    const at = `/Groups/${leads.id}`;
    const back = patchOf({ op: "add", value: { members: [{ value: id }] } });
    const ways: [string, object][] = [
      ["PATCH", patchOf({ op: "remove", path: `members[value eq "${id}"]` })],
      ["PATCH", patchOf({ op: "Remove", path: "members", value: [{ value: id }] })],
      ["PATCH", patchOf({ op: "replace", path: "members", value: [{ value: other }] })],
      ["PATCH", patchOf({ op: "replace", value: { id: leads.id, members: [{ value: other }] } })],
      ["PATCH", patchOf({ op: "remove", path: "members" })],
      ["PUT", { displayName: "Leads", members: [{ value: other, display: "x" }] }],
      ["PATCH", patchOf({ op: "replace", value: { displayName: "No rule names it" } })],
    ];
    for (const [method, body] of ways) {
      expect((await say(directory, `PATCH ${at}`, { body: back })).status).toBe(200);
      expect(await presetOf(directory, id)).toBe("regular");
      const { status, json } = await say(directory, `${method} ${at}`, { body });
      expect([status, json.detail]).toEqual([200, undefined]);
      expect(await presetOf(directory, id)).toBe("orchestration");
    }
  });

  test("and whoever loses the last that gives anything is out until the next sign-in, which decides", async () => {
    const tenant = await aTenant();
    const directory = await aDirectory(tenant, undefined);
    await owner()`update connections set default_group_id = null where tenant_id = ${tenant.id}`;
    await withRules(directory, [{ group: "Leads", gives: "regular" }]);
    const { id } = await aUserOf(directory);
    expect(await presetOf(directory, id)).toBe("read_only");
    const leads = await aGroup(directory, "Leads", [id]);
    const { id: memberId } = await memberOf(directory, id);
    await openSessionOf(directory, memberId);
    expect(await openSessions(memberId)).toBe(1);
    await say(directory, `PATCH /Groups/${leads.id}`, { body: patchOf({ op: "remove", path: "members" }) });
    expect(await presetOf(directory, id)).toBe("read_only");
    expect(await openSessions(memberId)).toBe(0);
  });

  test("but one that no rule names changes nobody's", async () => {
    const directory = await ruled([["Leads", "regular"]]);
    const { id } = await aUserOf(directory);
    const { id: memberId } = await memberOf(directory, id);
    const [chosen] = await owner()`
      select id from security_groups where tenant_id = ${directory.tenant.id} and preset = 'orchestration'`;
    await owner()`update members set security_group_id = ${chosen?.id} where id = ${memberId}`;
    await openSessionOf(directory, memberId);
    await aGroup(directory, "Football", [id]);
    expect(await presetOf(directory, id)).toBe("orchestration");
    expect(await openSessions(memberId)).toBe(1);
  });
});

describe("nobody becomes an owner by a directory (SEC82, G7):", () => {
  test("neither by a rule that does not say so, nor by the connection's own group", async () => {
    const directory = await ruled([
      ["Owners", "administrator"],
      ["All", "orchestration"],
    ]);
    await owner()`
      update connections set default_group_id = (select id from security_groups
        where tenant_id = ${directory.tenant.id} and preset = 'administrator')
       where id = ${directory.connectionId}`;
    const { id } = await aUserOf(directory);
    expect(await presetOf(directory, id)).toBe("read_only");
    await aGroup(directory, "Owners", [id]);
    expect(await presetOf(directory, id)).toBe("read_only");
    await aGroup(directory, "All", [id]);
    expect(await presetOf(directory, id)).toBe("orchestration");
  });

  test("nor by anything that is said of a user", async () => {
    const directory = await ruled([["Owners", "administrator"]], "orchestration");
    const { id, userName } = await aUserOf(directory, {
      ...{
        roles: [{ value: "Administrator", primary: true }],
        userType: "administrator",
        securityGroupId: "x",
      },
      ...{ groups: [{ value: "Owners", display: "Owners" }], kind: "owner" },
    });
    const put = { userName, groups: [{ display: "Owners" }], roles: [{ value: "administrator" }] };
    expect((await say(directory, `PUT /Users/${id}`, { body: put })).status).toBe(200);
    expect(await presetOf(directory, id)).toBe("orchestration");
    expect((await memberOf(directory, id)).kind).toBe("staff");
  });

  test("but by a rule that says so in so many words", async () => {
    const directory = await ruled([["Owners", "administrator", true]]);
    const { id } = await aUserOf(directory);
    await aGroup(directory, "Owners", [id]);
    expect(await presetOf(directory, id)).toBe("administrator");
  });
});

describe("a group is refused, and nothing is written:", () => {
  test("a second one of a name", async () => {
    const directory = await ruled([]);
    await aGroup(directory, "Sales");
    const { status, json } = await refusedBy(directory, "POST /Groups", { displayName: "SALES" });
    expect([status, json.scimType]).toEqual([409, "uniqueness"]);
  });

  test("with a user of another connection, or another firm, in it", async () => {
    const directory = await ruled([["Sales", "regular"]]);
    const sales = await aGroup(directory, "Sales");
    for (const other of [await aDirectory(directory.tenant), await aDirectory(await aTenant())]) {
      const { id } = await aUserOf(other);
      const body = patchOf({ op: "add", path: "members", value: [{ value: id }] });
      const { status, json } = await refusedBy(directory, `PATCH /Groups/${sales.id}`, body);
      expect([status, json.scimType]).toEqual([400, "invalidValue"]);
    }
  });

  test("when it would take the last Administrator's place away (SEC60)", async () => {
    const directory = await ruled([["Owners", "administrator", true]]);
    const { id } = await aUserOf(directory);
    const owners = await aGroup(directory, "Owners", [id]);
    const { id: memberId } = await memberOf(directory, id);
    await owner()`update members set status = 'disabled' where tenant_id = ${directory.tenant.id} and id <> ${memberId}`;
    for (const [line, body] of [
      [`PATCH /Groups/${owners.id}`, patchOf({ op: "remove", path: "members" })],
      [`DELETE /Groups/${owners.id}`, undefined],
      [`PATCH /Users/${id}`, patchOf({ op: "Replace", path: "active", value: "False" })],
      [`DELETE /Users/${id}`, undefined],
    ] as const) {
      const { status, json } = await refusedBy(directory, line, body);
      expect([line, status, json.scimType]).toEqual([line, 409, "mutability"]);
    }
  });
});
