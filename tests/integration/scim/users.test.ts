import { describe, expect, test } from "vitest";
import { setAccess } from "#lib/members/set-access.ts";
import { everything } from "#tests/support/api-tokens.ts";
import { arrive } from "#tests/support/connections.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import {
  aDirectory,
  aUser,
  aUserOf,
  type Directory,
  memberOf,
  patchOf,
  refusedBy,
  say,
} from "#tests/support/scim.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function aFirm() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant, { username: "ada", email: "ada@firm.example" });
  return { tenant, administrator, directory: await aDirectory(tenant) };
}

const numberOf = async ({ tenant }: Directory) =>
  (await owner()`select count(*)::int as number from members where tenant_id = ${tenant.id}`)[0]?.number;

describe("a directory makes a member (H1)", () => {
  test("of the staff, who signs in by its connection, with the group that the connection gives", async () => {
    const { tenant, directory } = await aFirm();
    const sent = aUser({ userName: "Robin@People.example", emails: [{ value: "robin@people.example" }] });
    const { status, headers, json } = await say(directory, "POST /Users", { body: sent });
    expect(status).toBe(201);
    expect(headers.get("content-type")).toBe("application/scim+json");
    expect(headers.get("location")).toBe(json.meta.location);
    expect(headers.get("etag")).toBe(json.meta.version);
    expect(json).toMatchObject({
      userName: "Robin@People.example",
      active: true,
      externalId: sent.externalId,
    });
    expect(await memberOf(directory, json.id)).toMatchObject({
      ...{ kind: "staff", status: "enabled", preset: "regular", connection_id: directory.connectionId },
      ...{ username_key: "robin@people.example", email: "robin@people.example" },
      name: `${sent.name.givenName} ${sent.name.familyName}`,
    });
    const event = (await auditOf(tenant)).find((one) => one.event === "member.created");
    expect(event).toMatchObject({ actorKind: "directory", actorId: null });
  });

  test("without a password, whatever it sends, and never gives one back (SEC84)", async () => {
    const { tenant, directory } = await aFirm();
    const { text, json } = await say(directory, "POST /Users", { body: aUser({ password: GOOD_PASSWORD }) });
    expect(text).not.toContain("otter");
    const patch = patchOf({ op: "replace", path: "password", value: GOOD_PASSWORD });
    expect((await say(directory, `PATCH /Users/${json.id}`, { body: patch })).status).toBe(200);
    expect(await owner()`select * from password_credentials where tenant_id = ${tenant.id}`).toEqual([]);
    const rows =
      await owner()`select attributes::text as text from scim_users where tenant_id = ${tenant.id}`;
    expect(JSON.stringify(rows)).not.toMatch(/otter|password/);
  });

  test("with the main address, and a username that follows the firm's rules where the userName cannot (DEC10)", async () => {
    const { directory } = await aFirm();
    const { id } = await aUserOf(directory, {
      userName: "robin@login.example",
      emails: [
        { value: "home@mail.example", type: "home" },
        { value: "robin@mail.example", primary: "True" },
      ],
    });
    expect(await memberOf(directory, id)).toMatchObject({
      username_key: "robin@mail.example",
      email_key: "robin@mail.example",
    });
    const other = await aUserOf(directory, { userName: "plain.name", emails: undefined });
    expect(await memberOf(directory, other.id)).toMatchObject({
      username_key: "plain.name",
      email_key: null,
    });
  });

  test("switched off, where it says so", async () => {
    const { directory } = await aFirm();
    const { id, active } = await aUserOf(directory, { active: "False" });
    expect(active).toBe(false);
    expect(await memberOf(directory, id)).toMatchObject({ status: "disabled" });
  });

  test.each([
    ["the same userName in other letters", { userName: "ROBIN@people.example" }],
    ["the same address", { userName: "robin2", emails: [{ value: "robin@people.example" }] }],
  ])("but not a second one with %s (SEC84)", async (_, more) => {
    const { directory } = await aFirm();
    await aUserOf(directory, {
      userName: "robin@people.example",
      emails: [{ value: "robin@people.example" }],
    });
    const answer = await refusedBy(directory, "POST /Users", aUser(more));
    expect([answer.status, answer.json.scimType]).toEqual([409, "uniqueness"]);
  });

  test("once, of fifty requests for one userName at the same moment", async () => {
    const { directory } = await aFirm();
    const before = await numberOf(directory);
    const body = aUser({ userName: "robin@people.example", emails: [{ value: "robin@people.example" }] });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => say(directory, "POST /Users", { body })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(49).fill(409)]);
    expect(await numberOf(directory)).toBe(before + 1);
  });
});

describe("an account that is there is never adopted or touched (H1):", () => {
  test.each([
    ["by a username", { userName: "ADA" }],
    ["by an address as userName", { userName: "ada@firm.example" }],
    ["by an address among the emails", { userName: "somebody", emails: [{ value: "Ada@Firm.example" }] }],
  ])("%s", async (_, more) => {
    const { directory } = await aFirm();
    const { status, json } = await refusedBy(directory, "POST /Users", aUser({ emails: [], ...more }));
    expect([status, json.scimType]).toEqual([409, "uniqueness"]);
  });

  test("nor by a change of a user that the directory has", async () => {
    const { directory } = await aFirm();
    const { id } = await aUserOf(directory);
    for (const body of [
      patchOf(
        { op: "replace", path: "userName", value: "ada@firm.example" },
        { op: "remove", path: "emails" },
      ),
      patchOf({ op: "Replace", path: 'emails[type eq "work"].value', value: "ADA@firm.example" }),
    ]) {
      const { status, json } = await refusedBy(directory, `PATCH /Users/${id}`, body);
      expect([status, json.scimType]).toEqual([409, "uniqueness"]);
    }
  });

  test("nor one of another connection of the firm, whose users this one does not see", async () => {
    const { tenant, directory } = await aFirm();
    const other = await aDirectory(tenant);
    const { id, userName } = await aUserOf(other);
    const found = await say(directory, `GET /Users?filter=userName eq "${userName}"`);
    expect(found.json.totalResults).toBe(0);
    expect((await refusedBy(directory, `DELETE /Users/${id}`)).status).toBe(404);
    const answer = await refusedBy(directory, "POST /Users", aUser({ userName, emails: [] }));
    expect(answer.status).toBe(409);
  });

  test("nor one that somebody here has deleted, whose names stay reserved", async () => {
    const { tenant, directory } = await aFirm();
    const sent = aUser();
    const { id } = await aUserOf(directory, sent);
    const { id: memberId } = await memberOf(directory, id);
    await owner()`update members set status = 'disabled', deleted_at = portal_now() where id = ${memberId}`;
    expect((await refusedBy(directory, `GET /Users/${id}`)).status).toBe(404);
    expect((await refusedBy(directory, "POST /Users", sent)).status).toBe(409);
    expect((await auditOf(tenant)).map(({ event }) => event)).not.toContain("member.restored");
  });
});

describe("an externalId is a text and nothing else (SEC83, INC25):", () => {
  test("the id of an owner, or a number in quotes, leads to nobody but the user that it was given to", async () => {
    const { directory, administrator } = await aFirm();
    for (const externalId of ["1", administrator.id, "' or 1=1 --", "null"]) {
      const { id } = await aUserOf(directory, { externalId });
      expect((await memberOf(directory, id)).id).not.toBe(administrator.id);
      const filter = encodeURIComponent(`externalId eq "${externalId}"`);
      const { json } = await say(directory, `GET /Users?filter=${filter}`);
      expect(json.Resources.map((user: { id: string }) => user.id)).toEqual([id]);
      expect((await say(directory, `GET /Users/${encodeURIComponent(externalId)}`)).status).toBe(404);
    }
    expect((await owner()`select version from members where id = ${administrator.id}`)[0]?.version).toBe(1);
  });

  test("null is none", async () => {
    const { directory } = await aFirm();
    const user = await aUserOf(directory, { externalId: null });
    expect(user).not.toHaveProperty("externalId");
  });

  test.each([
    ["a number", 1],
    ["a list", ["1"]],
    ["an object", { $ne: null }],
    ["10 KB", "x".repeat(10_240)],
    ["a NUL", "a\u0000b"],
    ["half of a character", "\ud800"],
  ])("%s is refused", async (_, externalId) => {
    const { directory } = await aFirm();
    const { status, json } = await refusedBy(directory, "POST /Users", aUser({ externalId }));
    expect([status, json.scimType]).toEqual([400, "invalidValue"]);
  });
});

describe("a user is changed", () => {
  test("by PUT, and what is not said any more is gone, but for active", async () => {
    const { directory } = await aFirm();
    const user = await aUserOf(directory, { title: "Engineer", active: false });
    const { status, json } = await say(directory, `PUT /Users/${user.id}`, {
      body: { userName: user.userName, displayName: "Robin Renamed", emails: user.emails },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ displayName: "Robin Renamed", active: false });
    expect(json).not.toHaveProperty("title");
    expect(await memberOf(directory, user.id)).toMatchObject({ name: "Robin Renamed", status: "disabled" });
  });

  test("and a name that somebody here has changed stays, until the directory changes it too", async () => {
    const { tenant, directory } = await aFirm();
    const { id } = await aUserOf(directory);
    const member = await memberOf(directory, id);
    await alter(tenant, member, { name: "As we say here" });
    await say(directory, `PATCH /Users/${id}`, {
      body: patchOf({ op: "add", path: "title", value: "Boss" }),
    });
    expect((await memberOf(directory, id)).name).toBe("As we say here");
    await say(directory, `PATCH /Users/${id}`, {
      body: patchOf({ op: "add", path: "displayName", value: "Robin" }),
    });
    expect((await memberOf(directory, id)).name).toBe("Robin");
  });

  test("to a new address, and the old one is told", async () => {
    const { tenant, directory } = await aFirm();
    const { id } = await aUserOf(directory);
    const body = patchOf({
      op: "replace",
      path: 'emails[type eq "work"].value',
      value: "new@people.example",
    });
    expect((await say(directory, `PATCH /Users/${id}`, { body })).status).toBe(200);
    expect(await memberOf(directory, id)).toMatchObject({ email: "new@people.example" });
    const mails = await owner()`select template from outbox_emails where tenant_id = ${tenant.id}`;
    expect(mails.map(({ template }) => template)).toEqual(["address-moved"]);
  });

  test("to what it is already, and nothing is written", async () => {
    const { tenant, directory } = await aFirm();
    const { id, meta } = await aUserOf(directory);
    const before = (await auditOf(tenant)).length;
    const body = patchOf({ op: "Replace", path: "active", value: "True" });
    const { json } = await say(directory, `PATCH /Users/${id}`, { body });
    expect(json.meta.version).toBe(meta.version);
    expect(await auditOf(tenant)).toHaveLength(before);
  });
});

describe("a user is deleted", () => {
  test("with 204 once, and is not there any more for anything", async () => {
    const { tenant, directory } = await aFirm();
    const user = await aUserOf(directory);
    const member = await memberOf(directory, user.id);
    const gone = await say(directory, `DELETE /Users/${user.id}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    for (const line of ["GET", "DELETE"]) {
      expect((await say(directory, `${line} /Users/${user.id}`)).status).toBe(404);
    }
    expect((await refusedBy(directory, `PUT /Users/${user.id}`, user)).status).toBe(404);
    expect((await say(directory, "GET /Users")).json.totalResults).toBe(0);
    const [row] = await owner()`select status, deleted_at from members where id = ${member.id}`;
    expect(row).toMatchObject({ status: "disabled", deleted_at: expect.any(Date) });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "member.deleted", targetId: member.id });
  });

  test("and made anew by the same directory is the same member, under a new id", async () => {
    const { directory } = await aFirm();
    const sent = aUser();
    const user = await aUserOf(directory, sent);
    const member = await memberOf(directory, user.id);
    await say(directory, `DELETE /Users/${user.id}`);
    const again = await aUserOf(directory, sent);
    expect(again.id).not.toBe(user.id);
    expect(await memberOf(directory, again.id)).toMatchObject({ id: member.id, status: "enabled" });
  });

  test("and whom the firm had switched off before stays out when made anew, whatever the directory says (E3)", async () => {
    const { tenant, administrator, directory } = await aFirm();
    const sent = aUser();
    const user = await aUserOf(directory, sent);
    const member = await memberOf(directory, user.id);
    const acting = actingAs(tenant, administrator, ...everything);
    await setAccess(acting, { memberId: member.id, status: "disabled" });
    await say(directory, `DELETE /Users/${user.id}`);
    const again = await aUserOf(directory, sent);
    expect(again.active).toBe(false);
    const patch = patchOf({ op: "replace", path: "active", value: true });
    await say(directory, `PATCH /Users/${again.id}`, { body: patch });
    expect(await memberOf(directory, again.id)).toMatchObject({ id: member.id, status: "disabled" });
    await setAccess(acting, { memberId: member.id, status: "enabled" });
    expect(await memberOf(directory, again.id)).toMatchObject({ status: "enabled" });
  });

  test("and whoever was that at the provider before does not come in when the name is given to somebody else", async () => {
    const { tenant, directory } = await aFirm();
    const sent = aUser();
    const user = await aUserOf(directory, sent);
    const member = await memberOf(directory, user.id);
    const { connection } = directory;
    const before = { subject: "who-has-left", claims: { directoryId: sent.externalId } };
    expect(await arrive(connection, before)).toMatchObject({ outcome: "signed_in", memberId: member.id });
    await say(directory, `DELETE /Users/${user.id}`);
    await aUserOf(directory, { ...sent, externalId: "of-somebody-else" });
    const sessions = (await contentsOf(tenant)).sessions;
    expect(await arrive(connection, { subject: "who-has-left" })).toMatchObject({ outcome: "link" });
    expect((await contentsOf(tenant)).sessions).toEqual(sessions);
    const next = { subject: "of-somebody-else" };
    expect(await arrive(connection, next)).toMatchObject({ outcome: "signed_in", memberId: member.id });
  });
});
