import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { aProgramOf, ask } from "#tests/support/api.ts";
import { clock } from "#tests/support/clock.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, contentsOf, refusalsOf } from "#tests/support/records.ts";
import { aClient, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

async function aFirm(scopes?: Permission[]) {
  const tenant = await aTenant();
  const administrator = await aMember(tenant, { name: "Zoe" });
  const program = await aProgramOf(tenant, administrator, scopes);
  const contact = await aMember(tenant, { kind: "contact", name: "Ann", email: "ann@mail.example" });
  const client = await aClient(tenant, [contact]);
  return { tenant, administrator, program, contact, client };
}

describe("a member by the API", () => {
  test("is created, read, changed, switched off, deleted and restored by the same use cases as on a page", async () => {
    const { tenant, program } = await aFirm();
    const securityGroupId = await groupOf(tenant, "read_only");
    const body = { name: "Mia", email: "mia@mail.example", securityGroupId, invite: true };
    const made = await ask(program, "POST /members", { body });
    expect([made.status, made.json.invited]).toEqual([201, true]);
    const at = made.headers.get("location")?.replace("/api/v1", "") ?? "";
    expect((await ask(program, `GET ${at}`)).json).toMatchObject({
      name: "Mia",
      username: null,
      email: "mia@mail.example",
      securityGroup: { id: securityGroupId, name: "Read Only User" },
      federated: false,
    });
    const changed = await ask(program, `PATCH ${at}`, { body: { name: "Mia Example" } });
    expect(changed.json).toMatchObject({ name: "Mia Example", email: "mia@mail.example" });
    const off = await ask(program, `PUT ${at}/access`, { body: { status: "disabled" } });
    expect(off.json.status).toBe("disabled");
    expect((await ask(program, `DELETE ${at}`)).status).toBe(204);
    expect((await ask(program, `GET ${at}`)).status).toBe(404);
    const deleted = await ask(program, "GET /members?state=deleted");
    expect(deleted.json.data.map(({ name }: { name: string }) => name)).toEqual(["Mia Example"]);
    expect((await ask(program, `POST ${at}/restore`)).json.status).toBe("disabled");
    const events = (await auditOf(tenant)).map(({ event }) => event);
    for (const event of ["created", "invited", "changed", "access_set", "deleted", "restored"]) {
      expect(events).toContain(`member.${event}`);
    }
  });

  test("keeps the address as username when the address changes, and takes another one (DEC10)", async () => {
    const { program, contact } = await aFirm();
    const at = `/contacts/${contact.id}`;
    const email = "other@mail.example";
    await ask(program, `PATCH ${at}`, { body: { username: null } });
    expect((await ask(program, `PATCH ${at}`, { body: { email } })).json).toMatchObject({
      username: null,
      email,
    });
    const named = await ask(program, `PATCH ${at}`, { body: { username: "ann" } });
    expect(named.json).toMatchObject({ username: "ann", email });
  });

  test("who signs in by SSO has no Password & Security, and nothing about a password anywhere (004-02)", async () => {
    const { tenant, program } = await aFirm();
    const federated = await aMember(tenant, { federated: true, group: "regular" });
    const before = await contentsOf(tenant);
    const at = `/members/${federated.id}`;
    expect((await ask(program, `GET ${at}/security`)).status).toBe(404);
    const body = { mustChangePassword: true };
    expect((await ask(program, `PATCH ${at}/security`, { body })).status).toBe(404);
    const record = await ask(program, `GET ${at}`);
    expect(record.status).toBe(200);
    expect(record.text).not.toMatch(/password/i);
    expect((await contentsOf(tenant)).members).toEqual(before.members);
  });

  test("the last Administrator stays one, whichever way it is tried (SEC60)", async () => {
    const { tenant, program, administrator } = await aFirm();
    const before = (await contentsOf(tenant)).members;
    const at = `/members/${administrator.id}`;
    const securityGroupId = await groupOf(tenant, "regular");
    const tries = [
      await ask(program, `DELETE ${at}`),
      await ask(program, `PUT ${at}/access`, { body: { status: "disabled" } }),
      await ask(program, `PATCH ${at}/security`, { body: { status: "disabled" } }),
      await ask(program, `PATCH ${at}/security`, { body: { securityGroupId } }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    expect((await contentsOf(tenant)).members).toEqual(before);
  });
});

describe("who may not is refused, and nothing is written:", () => {
  test("a contact's address is masked for who may not change contacts, and cannot be searched for", async () => {
    const { program, contact } = await aFirm(["clients:read"]);
    const { json, text } = await ask(program, `GET /contacts/${contact.id}`);
    expect(text).not.toContain(contact.email);
    expect(json.email).toMatch(/\*|•|…/);
    expect((await ask(program, "GET /contacts?q=ann@")).json.data).toEqual([]);
  });

  test("deleted people are not listed for who may not delete", async () => {
    const { tenant, program } = await aFirm(["members:read", "clients:read"]);
    for (const list of ["members", "contacts", "clients"]) {
      expect((await ask(program, `GET /${list}?state=deleted`)).status, list).toBe(403);
    }
    expect(await refusalsOf(tenant, "api_request")).toContain("needs_members:delete");
  });

  test("a contact is no member, and a member no contact: neither is found at the other's address", async () => {
    const { tenant, program, contact, administrator } = await aFirm();
    const before = await contentsOf(tenant);
    for (const at of [`/members/${contact.id}`, `/contacts/${administrator.id}`]) {
      const answers = [
        await ask(program, `GET ${at}`),
        await ask(program, `PATCH ${at}`, { body: { name: "Other" } }),
        await ask(program, `PUT ${at}/access`, { body: { status: "disabled" } }),
        await ask(program, `DELETE ${at}`),
        await ask(program, `POST ${at}/restore`),
      ];
      expect(
        answers.map(({ status }) => status),
        at,
      ).toEqual([404, 404, 404, 404, 404]);
    }
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("what has changed since it was read is neither deleted nor switched off (412)", async () => {
    const { tenant, program, contact } = await aFirm();
    const at = `/contacts/${contact.id}`;
    await ask(program, `PATCH ${at}`, { body: { name: "Ann Other" } });
    const before = await contentsOf(tenant);
    const headers = { "if-match": '"1"' };
    const answers = [
      await ask(program, `DELETE ${at}`, { headers }),
      await ask(program, `PUT ${at}/access`, { headers, body: { status: "disabled" } }),
      await ask(program, `PATCH ${at}`, { headers, body: { name: "Mine" } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([412, 412, 412]);
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test("an API token neither generates nor revokes tokens (SEC60)", async () => {
    const { tenant, program } = await aFirm();
    const before = await contentsOf(tenant);
    const listed = await ask(program, "GET /api-tokens");
    expect(listed.json.data).toHaveLength(1);
    expect(listed.text).not.toMatch(/hash/i);
    const refused = [
      await ask(program, "POST /api-tokens", { body: {} }),
      await ask(program, `DELETE /api-tokens/${listed.json.data[0].id}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(await contentsOf(tenant)).toEqual(before);
  });
});

test("security options are read, saved as a version based on the one that was seen, and gone back to (C1)", async () => {
  const { program } = await aFirm();
  const now = await ask(program, "GET /security-options");
  expect(now.headers.get("etag")).toBe('"0"');
  const body = { ...now.json.options, historyDepth: 7 };
  const seen = { "if-match": '"0"' };
  const saved = await ask(program, "PUT /security-options", { body, headers: seen });
  expect([saved.status, saved.json.version, saved.json.options.historyDepth]).toEqual([200, 1, 7]);
  const late = { ...body, historyDepth: 8 };
  expect((await ask(program, "PUT /security-options", { body: late, headers: seen })).status).toBe(412);
  expect((await ask(program, "POST /security-options/versions/0/restore")).json.version).toBe(2);
  const { data } = (await ask(program, "GET /security-options/versions")).json;
  expect(data.map(({ version }: { version: number }) => version)).toEqual([2, 1, 0]);
});

test("what other security options would ask of whom is said before they are saved, as on the page (C1, C5)", async () => {
  const now = await clock.stop();
  const { program, administrator, tenant } = await aFirm();
  await owner()`
    insert into password_credentials (tenant_id, member_id, hash, changed_at)
    values (${tenant.id}, ${administrator.id}, 'none', portal_now() - interval '20 days')`;
  const { options } = (await ask(program, "GET /security-options")).json;
  const simulate = (change: object) =>
    ask(program, "POST /security-options/simulation", { body: { ...options, ...change } });
  const before = await contentsOf(tenant);
  const { status, json } = await simulate({ expiryDays: 30 });
  expect([status, json.total, json.changing, json.enrollingFrom]).toEqual([200, 0, 0, null]);
  expect(json.firstEndsAt).toBe(after(now, 10 * DAY).toISOString());
  expect((await simulate({ lockAfter: 5 })).json.firstEndsAt).toBeNull();
  expect((await simulate({ lockAfter: 1 })).status).toBe(422);
  expect(await contentsOf(tenant)).toEqual(before);
});

test("a client has contacts and staff, who come and go (001-14, E7)", async () => {
  const { program, administrator, contact, tenant } = await aFirm();
  const made = await ask(program, "POST /clients", { body: { name: "Harbor" } });
  const at = `/clients/${made.json.id}`;
  const added = await ask(program, `POST ${at}/contacts`, { body: { memberId: contact.id } });
  expect(added.status).toBe(201);
  expect((await ask(program, `POST ${at}/contacts`, { body: { memberId: contact.id } })).status).toBe(409);
  await ask(program, `POST ${at}/staff`, { body: { memberId: administrator.id } });
  const read = await ask(program, `GET ${at}`);
  expect(read.json).toMatchObject({ name: "Harbor", contacts: 1, staff: [{ name: "Zoe" }] });
  expect((await ask(program, `GET ${at}/contacts`)).json.data).toMatchObject([{ name: "Ann" }]);
  const workspace = await ask(program, `GET /workspaces/${made.json.workspaceId}`);
  expect(workspace.json).toMatchObject({ clientName: "Harbor", contacts: [{ name: "Ann" }] });
  for (const gone of [`${at}/contacts/${contact.id}`, `${at}/staff/${administrator.id}`]) {
    expect((await ask(program, `DELETE ${gone}`)).status).toBe(204);
    expect((await ask(program, `DELETE ${gone}`)).status).toBe(404);
  }
  expect((await ask(program, `DELETE ${at}`)).status).toBe(204);
  expect((await ask(program, `GET ${at}`)).status).toBe(404);
  expect((await ask(program, `POST ${at}/restore`)).status).toBe(204);
  expect((await auditOf(tenant)).map(({ event }) => event)).toContain("client.restored");
});
