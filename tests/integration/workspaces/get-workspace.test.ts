import { describe, expect, test } from "vitest";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { addContact } from "#lib/clients/add-contact.ts";
import { changeClient } from "#lib/clients/change-client.ts";
import { removeContact } from "#lib/clients/remove-contact.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { assignedTo } from "#tests/support/clients.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { anAdministrator } from "#tests/support/help.ts";
import { refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function firm() {
  const tenant = await aTenant();
  const ada = await anAdministrator(tenant, "Ada Morgan");
  const ann = await aMember(tenant, { kind: "contact", name: "Ann", password: GOOD_PASSWORD });
  const ben = await aMember(tenant, { kind: "contact", name: "Ben" });
  const client = await aClient(tenant, [ann, ben], "Harbor");
  return { tenant, ada, ann, ben, client };
}

describe("a workspace shows the firm's staff (A8)", () => {
  test("its client, where each contact's access stands, and who is assigned", async () => {
    const { tenant, ada, client } = await firm();
    await assignedTo(tenant, [client]);
    const workspace = await getWorkspace(ada, { workspaceId: client.workspaceId });
    expect(workspace).toMatchObject({ clientId: client.id, clientName: "Harbor", total: 2 });
    expect(workspace.contacts.map(({ name, access }) => [name, access?.state])).toEqual([
      ["Ann", "active"],
      ["Ben", "never_invited"],
    ]);
    expect(workspace.firm?.staff.map(({ name }) => name)).toEqual(["Nora Lind"]);
  });

  test("what was done lately for it and its contacts, in words, the newest first", async () => {
    const { ada, ann, ben, client } = await firm();
    await changeClient(ada, { clientId: client.id, name: "Harbor Ltd" });
    await removeContact(ada, { clientId: client.id, memberId: ben.id });
    await sendReset(ada, { memberId: ann.id });
    const { firm: side } = await getWorkspace(ada, { workspaceId: client.workspaceId });
    expect(side?.activity.map(({ sentence, about, by }) => [sentence, about, by])).toEqual([
      ["A reset of the password was sent by the firm", "Ann", "Ada Morgan"],
      ["Somebody is no contact of a client any more", "Ben", "Ada Morgan"],
      ["A client was renamed", undefined, "Ada Morgan"],
    ]);
    expect(Object.keys(side?.activity[0] ?? {}).sort()).toEqual(["about", "at", "by", "id", "sentence"]);
  });

  test("no refusals, no sign-ins and nothing of other clients' contacts in it", async () => {
    const { tenant, ada, ann, client } = await firm();
    const other = await aMember(tenant, { kind: "contact" });
    await sendReset(ada, { memberId: other.id });
    await owner()`
      insert into audit_events (tenant_id, event, actor_kind, source, request_id, target_id)
      select ${tenant.id}, e, 'visitor', '203.0.113.7', 'r', ${ann.id}
        from unnest(${["sign_in", "sign_in.refused", "secret.minted", "mail.sent"]}::text[]) e`;
    expect((await getWorkspace(ada, { workspaceId: client.workspaceId })).firm?.activity).toEqual([]);
  });

  test("no more than the newest twenty", async () => {
    const { ada, client } = await firm();
    for (let turn = 0; turn < 22; turn += 1) {
      await changeClient(ada, { clientId: client.id, name: `Harbor ${turn}` });
    }
    expect((await getWorkspace(ada, { workspaceId: client.workspaceId })).firm?.activity).toHaveLength(20);
  });

  test("without the name of a contact whom the reader does not see any more (E7)", async () => {
    const { tenant, ada, ben, client } = await firm();
    const nora = await assignedTo(tenant, [client]);
    await removeContact(ada, { clientId: client.id, memberId: ben.id });
    const { firm: side } = await getWorkspace(nora, { workspaceId: client.workspaceId });
    expect(side?.activity.map(({ about }) => about)).toEqual([undefined]);
  });
});

test("a workspace shows a contact the names of its contacts, and nothing else of anybody", async () => {
  const { tenant, ada, ann, ben, client } = await firm();
  await assignedTo(tenant, [client]);
  await sendReset(ada, { memberId: ben.id });
  const workspace = await getWorkspace(actingAs(tenant, ann, "workspaces:enter"), {
    workspaceId: client.workspaceId,
  });
  expect(workspace).toEqual({
    id: client.workspaceId,
    clientId: client.id,
    clientName: "Harbor",
    contacts: [
      { id: ann.id, name: "Ann" },
      { id: ben.id, name: "Ben" },
    ],
    total: 2,
    firm: undefined,
  });
});

test("contacts and staff read on through more contacts than a page has, and nobody reads on behind a stranger (E7)", async () => {
  const { tenant, ada, ann, client } = await firm();
  await owner()`
    with made as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select ${tenant.id}, 'contact', 'Contact ' || lpad(n::text, 3, '0'), 'c' || n, 'c' || n,
             (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact')
        from generate_series(1, 110) n returning id)
    insert into client_contacts (tenant_id, client_id, member_id) select ${tenant.id}, ${client.id}, id from made`;
  const { workspaceId } = client;
  for (const reader of [actingAs(tenant, ann, "workspaces:enter"), ada]) {
    const first = await getWorkspace(reader, { workspaceId, after: "no place" });
    const second = await getWorkspace(reader, { workspaceId, after: first.next });
    expect([first.after, second.after, second.next]).toEqual([undefined, first.next, undefined]);
    expect([first.total, second.total]).toEqual([112, 112]);
    expect(first.contacts).toHaveLength(100);
    const names = [...first.contacts, ...second.contacts].map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(112);
  }
  const stranger = await aMember(tenant, { kind: "contact", name: "Anna Other" });
  const reader = actingAs(tenant, ann, "workspaces:enter");
  expect((await getWorkspace(reader, { workspaceId, after: stranger.id })).contacts).toEqual([]);
});

test("a contact who is added enters at once, and one who is removed finds nothing at once", async () => {
  const { tenant, ada, client } = await firm();
  const cay = await aMember(tenant, { kind: "contact", name: "Cay" });
  const enter = () =>
    getWorkspace(actingAs(tenant, cay, "workspaces:enter"), { workspaceId: client.workspaceId });
  expect(await refused(tenant, enter)).toMatchObject({ code: "not_found" });
  await addContact(ada, { clientId: client.id, memberId: cay.id });
  expect(await enter()).toMatchObject({ clientName: "Harbor" });
  await removeContact(ada, { clientId: client.id, memberId: cay.id });
  expect(await refused(tenant, enter)).toMatchObject({ code: "not_found" });
});

test("staff who see assigned clients only find no other workspace (E7, A8)", async () => {
  const { tenant, client } = await firm();
  const other = await aClient(tenant);
  const nora = await assignedTo(tenant, [client], ["clients:read", "workspaces:enter"]);
  expect(await getWorkspace(nora, { workspaceId: client.workspaceId })).toMatchObject({
    clientName: "Harbor",
  });
  const attempt = () => getWorkspace(nora, { workspaceId: other.workspaceId });
  expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found", status: 404 });
});

test("a workspace of many contacts takes as many statements as one of two", async () => {
  const { tenant, ada, client } = await firm();
  const contacts = [];
  for (let number = 0; number < 12; number += 1) contacts.push(await aMember(tenant, { kind: "contact" }));
  const large = await aClient(tenant, contacts);
  for (const of of [client, large]) await changeClient(ada, { clientId: of.id, name: `${of.name}!` });
  const few = await statementsOf(() => getWorkspace(ada, { workspaceId: client.workspaceId }));
  expect(await statementsOf(() => getWorkspace(ada, { workspaceId: large.workspaceId }))).toEqual(few);
});
