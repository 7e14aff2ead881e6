import { describe, expect, test } from "vitest";
import { changeClient } from "#lib/clients/change-client.ts";
import { createClient } from "#lib/clients/create-client.ts";
import { deleteClient } from "#lib/clients/delete-client.ts";
import { describeClientDeletion } from "#lib/clients/describe-client-deletion.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import { restoreClient } from "#lib/clients/restore-client.ts";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { listMyWorkspaces } from "#lib/workspaces/list-my-workspaces.ts";
import { assignedTo } from "#tests/support/clients.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

const MANAGES = ["clients:read", "clients:manage", "clients:delete", "workspaces:enter"] as const;

async function firm() {
  const tenant = await aTenant();
  return { tenant, ada: actingWith(tenant, ...MANAGES) };
}

describe("a new client (A8, 000-06)", () => {
  test("has a workspace at once and stands in the list", async () => {
    const { tenant, ada } = await firm();
    const { id, workspaceId } = await createClient(ada, { name: "  Harbor Wholesale " });
    expect(await getClient(ada, id)).toMatchObject({ name: "Harbor Wholesale", workspaceId, contacts: 0 });
    expect(await getWorkspace(ada, { workspaceId })).toMatchObject({ clientId: id });
    expect(await auditOf(tenant)).toMatchObject([{ event: "client.created", targetId: id }]);
  });

  test("is seen by whoever created it, also where only assigned clients are (E7)", async () => {
    const { tenant } = await firm();
    const nora = await assignedTo(tenant, []);
    const { id } = await createClient(nora, { name: "Nora's own" });
    expect((await getClient(nora, id)).staff).toMatchObject([{ name: "Nora Lind" }]);
  });

  test.each([[""], ["   "], ["x".repeat(121)], ["two\nlines"], [undefined], [["a", "b"]]])(
    "needs a name of one line, and %j is none",
    async (name) => {
      const { tenant, ada } = await firm();
      const error = await refused(tenant, () => createClient(ada, { name }));
      expect(error).toMatchObject({ code: "invalid", fieldErrors: { name: [expect.any(String)] } });
    },
  );

  test("cannot have the name of another, which is said beside the field", async () => {
    const { tenant, ada } = await firm();
    await createClient(ada, { name: "Harbor" });
    const error = await refused(tenant, () => createClient(ada, { name: "Harbor" }));
    expect(error).toMatchObject({
      code: "conflict",
      fieldErrors: { name: ["Another client has this name."] },
    });
  });

  test("cannot have the name of a deleted one, which is said to whoever may see that one, and to nobody else", async () => {
    const { tenant, ada } = await firm();
    const { id } = await createClient(ada, { name: "Harbor" });
    await deleteClient(ada, { clientId: id });
    const told = await refused(tenant, () => createClient(ada, { name: "Harbor" }));
    expect(told.message).toContain("A deleted client has this name");
    const without = actingWith(tenant, "clients:manage");
    const elsewhere = await assignedTo(tenant, []);
    for (const ctx of [without, elsewhere]) {
      const error = await refused(tenant, () => createClient(ctx, { name: "Harbor" }));
      expect(error.message).toBe("Another client has this name.");
    }
  });

  test("cannot have the name of another in other letters, not even when both come at once", async () => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "clients:manage", "clients:read");
    const made = await Promise.allSettled(
      ["Harbor", "HARBOR", "harbor"].map((name) => createClient(ctx, { name })),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const other = await createClient(ctx, { name: "Quay" });
    await expect(changeClient(ctx, { clientId: other.id, name: "hARBOR" })).rejects.toMatchObject({
      code: "conflict",
      fieldErrors: { name: ["Another client has this name."] },
    });
  });

  test("may have its own name in other letters, and those who shared one before keep it", async () => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, "clients:manage", "clients:read");
    const [upper, lower] = [await aClient(tenant, [], "HARBOR"), await aClient(tenant, [], "harbor")];
    await changeClient(ctx, { clientId: lower.id, name: "harbor" });
    const quay = await createClient(ctx, { name: "quay" });
    expect(await changeClient(ctx, { clientId: quay.id, name: "Quay" })).toMatchObject({ id: quay.id });
    expect((await contentsOf(tenant)).clients?.map(({ name }) => name).sort()).toEqual([
      "HARBOR",
      "Quay",
      "harbor",
    ]);
    expect(upper.name).toBe("HARBOR");
  });

  test("may have the name of another firm's", async () => {
    const { ada } = await firm();
    await createClient(ada, { name: "Harbor" });
    const { ada: other } = await firm();
    expect(await createClient(other, { name: "Harbor" })).toMatchObject({ name: "Harbor" });
  });
});

describe("another name for a client", () => {
  test("is everywhere at once", async () => {
    const { tenant, ada } = await firm();
    const client = await aClient(tenant);
    const { version } = await changeClient(ada, { clientId: client.id, name: "Harbor", version: "1" });
    expect(version).toBe(2);
    expect(await getWorkspace(ada, { workspaceId: client.workspaceId })).toMatchObject({
      clientName: "Harbor",
    });
  });

  test("that somebody else was quicker with is a conflict which shows what is saved now (E6)", async () => {
    const { tenant, ada } = await firm();
    const { id } = await createClient(ada, { name: "Harbor" });
    await changeClient(ada, { clientId: id, name: "Harbour", version: 1 });
    const attempt = () => changeClient(ada, { clientId: id, name: "Harbor Ltd", version: 1 });
    expect(await refused(tenant, attempt)).toMatchObject({
      code: "conflict",
      version: 2,
      fieldErrors: { name: ["Saved meanwhile: Harbour"] },
    });
    await changeClient(ada, { clientId: id, name: "Harbor Ltd", version: 2 });
    expect((await getClient(ada, id)).name).toBe("Harbor Ltd");
  });

  test("that another client has is a conflict beside the field", async () => {
    const { tenant, ada } = await firm();
    const [one, other] = [await aClient(tenant), await aClient(tenant)];
    const attempt = () => changeClient(ada, { clientId: one.id, name: other.name });
    expect(await refused(tenant, attempt)).toMatchObject({
      code: "conflict",
      fieldErrors: { name: ["Another client has this name."] },
    });
  });

  test("of another firm's client, a deleted one or nobody's is not found (SEC58)", async () => {
    const { tenant, ada } = await firm();
    const foreign = await aClient(await aTenant());
    const deleted = await aClient(tenant);
    await deleteClient(ada, { clientId: deleted.id });
    for (const clientId of [foreign.id, deleted.id, crypto.randomUUID()]) {
      const error = await refused(tenant, () => changeClient(ada, { clientId, name: "Mine" }));
      expect(error).toMatchObject({ code: "not_found" });
    }
  });
});

describe("a deleted client", () => {
  async function deletedClient() {
    const { tenant, ada } = await firm();
    const both = await aMember(tenant, { kind: "contact", name: "Both" });
    const only = await aMember(tenant, { kind: "contact", name: "Only" });
    const client = await aClient(tenant, [both, only], "Gone");
    await aClient(tenant, [both], "There");
    const described = await describeClientDeletion(ada, client.id);
    await deleteClient(ada, { clientId: client.id });
    return { tenant, ada, both, only, client, described };
  }

  test("is described before it is deleted: how many contacts, and how many have nothing else to enter", async () => {
    const { described, tenant, client } = await deletedClient();
    expect(described).toMatchObject({ name: "Gone", contacts: 2, withoutAnother: 1 });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "client.deleted",
      targetId: client.id,
      detail: { contacts: 2, withoutAnother: 1 },
    });
  });

  test("and its workspace are not found, by staff and by its contacts", async () => {
    const { tenant, ada, only, client } = await deletedClient();
    const contact = actingAs(tenant, only, "workspaces:enter");
    for (const attempt of [
      () => getClient(ada, client.id),
      () => getClientContacts(ada, { clientId: client.id }),
      () => describeClientDeletion(ada, client.id),
      () => deleteClient(ada, { clientId: client.id }),
      () => getWorkspace(ada, { workspaceId: client.workspaceId }),
      () => getWorkspace(contact, { workspaceId: client.workspaceId }),
    ]) {
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
    expect((await listClients(ada, {})).clients.map(({ name }) => name)).toEqual(["There"]);
  });

  test("leaves its contacts as they are: who belongs to no other has nothing to enter (002-03)", async () => {
    const { tenant, ada, both, only } = await deletedClient();
    const places = (member: typeof both) => listMyWorkspaces(actingAs(tenant, member, "workspaces:enter"));
    expect((await places(both)).map(({ clientName }) => clientName)).toEqual(["There"]);
    expect(await places(only)).toEqual([]);
    expect(await getMemberProfile(ada, only.id)).toMatchObject({ name: "Only", clients: [] });
  });

  test("is listed for whoever may restore it", async () => {
    const { ada } = await deletedClient();
    const { clients } = await listClients(ada, { state: "deleted" });
    expect(clients).toMatchObject([{ name: "Gone", contacts: 2, deletedAt: expect.any(Date) }]);
  });

  test("is listed for nobody else", async () => {
    const { tenant } = await deletedClient();
    const reader = actingWith(tenant, "clients:read", "clients:manage");
    expect(await refused(tenant, () => listClients(reader, { state: "deleted" }))).toMatchObject({
      code: "forbidden",
    });
  });

  test("comes back with its workspace and its contacts", async () => {
    const { tenant, ada, only, client } = await deletedClient();
    await restoreClient(ada, { clientId: client.id });
    const { contacts } = await getWorkspace(ada, { workspaceId: client.workspaceId });
    expect(contacts.map(({ name }) => name)).toEqual(["Both", "Only"]);
    expect(await listMyWorkspaces(actingAs(tenant, only, "workspaces:enter"))).toHaveLength(1);
  });

  test("cannot be restored twice, and one that is there cannot be restored", async () => {
    const { tenant, ada, client } = await deletedClient();
    await restoreClient(ada, { clientId: client.id });
    const attempt = () => restoreClient(ada, { clientId: client.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});
