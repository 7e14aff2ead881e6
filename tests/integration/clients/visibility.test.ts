import { describe, expect, test } from "vitest";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { listMyWorkspaces } from "#lib/workspaces/list-my-workspaces.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { refused } from "#tests/support/records.ts";
import { aClient, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

async function firm() {
  const [tenant, other] = [await aTenant(), await aTenant()];
  const ann = await aMember(tenant, { kind: "contact", name: "Ann", password: GOOD_PASSWORD });
  const ben = await aMember(tenant, { kind: "contact", name: "Ben" });
  const both = await aClient(tenant, [ann, ben], "Both");
  const bens = await aClient(tenant, [ben], "Ben's");
  const empty = await aClient(tenant, [], "Empty");
  const foreign = await aClient(other, [await aMember(other, { kind: "contact" })], "Foreign");
  return {
    tenant,
    ann,
    ben,
    both,
    bens,
    empty,
    foreign,
    staff: actingWith(tenant, "clients:read", "workspaces:enter"),
  };
}

describe("the firm's clients (002-04, 002-05)", () => {
  test("are all listed for staff by name, with the number of their contacts, and no other firm's", async () => {
    const { staff } = await firm();
    const { clients } = await listClients(staff, {});
    expect(clients.map(({ name, contacts }) => [name, contacts])).toEqual([
      ["Ben's", 1],
      ["Both", 2],
      ["Empty", 0],
    ]);
  });

  test("show their contacts, and nothing secret of them", async () => {
    const { staff, both } = await firm();
    const { client, contacts } = await getClientContacts(staff, { clientId: both.id });
    expect(client.name).toBe("Both");
    expect(contacts.map(({ name }) => name)).toEqual(["Ann", "Ben"]);
    expect(JSON.stringify(contacts)).not.toMatch(/argon2|hash/);
  });

  test("do not exist when they are another firm's or nobody's (SEC58)", async () => {
    const { tenant, staff, foreign } = await firm();
    for (const id of [foreign.id, crypto.randomUUID(), "1", ""]) {
      expect(await refused(tenant, () => getClientContacts(staff, { clientId: id }))).toMatchObject({
        code: "not_found",
      });
    }
  });
});

describe("a workspace", () => {
  test("is open to staff who see clients", async () => {
    const { staff, empty } = await firm();
    expect(await getWorkspace(staff, { workspaceId: empty.workspaceId })).toMatchObject({
      clientName: "Empty",
      contacts: [],
    });
  });

  test("is open to the client's own contacts", async () => {
    const { tenant, ann, both } = await firm();
    const workspace = await getWorkspace(actingAs(tenant, ann, "workspaces:enter"), {
      workspaceId: both.workspaceId,
    });
    expect(workspace.contacts.map(({ name }) => name)).toEqual(["Ann", "Ben"]);
  });

  test("does not exist for a contact of another client", async () => {
    const { tenant, ann, bens } = await firm();
    const attempt = () =>
      getWorkspace(actingAs(tenant, ann, "workspaces:enter"), { workspaceId: bens.workspaceId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found", status: 404 });
  });

  test("does not exist for staff who may not see clients", async () => {
    const { tenant, both } = await firm();
    const attempt = () =>
      getWorkspace(actingWith(tenant, "workspaces:enter"), { workspaceId: both.workspaceId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("does not exist when it is another firm's or nobody's", async () => {
    const { tenant, staff, foreign, both } = await firm();
    for (const id of [foreign.workspaceId, both.id, crypto.randomUUID(), "1"]) {
      expect(await refused(tenant, () => getWorkspace(staff, { workspaceId: id }))).toMatchObject({
        code: "not_found",
      });
    }
  });
});

test("the landing page lists the clients whose contact one is, and no others (002-03, A3)", async () => {
  const { tenant, ann, ben, both, bens, staff } = await firm();
  const listed = (member: typeof ann) => listMyWorkspaces(actingAs(tenant, member, "workspaces:enter"));
  expect(await listed(ann)).toEqual([{ workspaceId: both.workspaceId, clientName: "Both" }]);
  expect((await listed(ben)).map(({ workspaceId }) => workspaceId)).toEqual([
    bens.workspaceId,
    both.workspaceId,
  ]);
  expect(await listMyWorkspaces(staff)).toEqual([]);
});
