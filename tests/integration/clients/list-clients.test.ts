import { describe, expect, test } from "vitest";
import { changeClient } from "#lib/clients/change-client.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import type { Tenant } from "#lib/core/context.ts";
import { assignedTo } from "#tests/support/clients.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

const reader = (tenant: Tenant) => actingWith(tenant, "clients:read", "workspaces:enter");
const namesOf = ({ clients }: { clients: { name: string }[] }) => clients.map(({ name }) => name);

async function manyClients(tenant: Tenant, number: number): Promise<void> {
  await owner()`
    with made as (
      insert into clients (tenant_id, name, created_at)
      select ${tenant.id}, 'Client ' || n, portal_now() - n * interval '1 minute' from generate_series(1, ${number}) n
      returning id)
    insert into workspaces (tenant_id, client_id) select ${tenant.id}, id from made`;
}

describe("the list of clients and of workspaces (002-04)", () => {
  test.each(["name", "created"])("goes on, sorted by %s, after the last client of a page", async (sort) => {
    const tenant = await aTenant();
    await manyClients(tenant, 205);
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 3; page += 1) {
      const { clients, next } = await listClients(reader(tenant), { sort, after });
      seen.push(...clients.map(({ id }) => id));
      after = next;
    }
    expect(after).toBeUndefined();
    expect(new Set(seen).size).toBe(205);
  });

  test("can be sorted with the newest first", async () => {
    const tenant = await aTenant();
    await manyClients(tenant, 3);
    expect(namesOf(await listClients(reader(tenant), { sort: "created" }))).toEqual([
      "Client 1",
      "Client 2",
      "Client 3",
    ]);
  });

  test("finds clients by the beginning of any word of the name", async () => {
    const tenant = await aTenant();
    for (const name of ["Harbor Wholesale", "Kowalska Studio"]) await aClient(tenant, [], name);
    expect(namesOf(await listClients(reader(tenant), { q: " WHOLE" }))).toEqual(["Harbor Wholesale"]);
    expect(namesOf(await listClients(reader(tenant), { q: "arbor" }))).toEqual([]);
  });

  test("finds a client by the name that it has now, and no longer by the one before", async () => {
    const tenant = await aTenant();
    const client = await aClient(tenant, [], "Before Harbor");
    const found = async (q: string) => namesOf(await listClients(reader(tenant), { q }));
    await changeClient(actingWith(tenant, "clients:read", "clients:manage"), {
      clientId: client.id,
      name: "Quay After",
    });
    expect([await found("before"), await found("harbor"), await found("after")]).toEqual([
      [],
      [],
      ["Quay After"],
    ]);
  });

  test("finds none of another firm, and keeps nothing of a client that is gone (A1)", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    const client = await aClient(other, [], "Kowalska Studio");
    expect(namesOf(await listClients(reader(tenant), { q: "studio" }))).toEqual([]);
    const terms = () =>
      owner()`select term from client_search_terms where client_id = ${client.id} order by term`;
    expect(await terms()).toEqual([{ term: "kowalska studio" }, { term: "studio" }]);
    await owner()`delete from clients where id = ${client.id}`;
    expect(await terms()).toEqual([]);
  });

  test.each(["%", "_", "\\", "'; drop table clients; --"])("takes %s for what it is", async (q) => {
    const tenant = await aTenant();
    await aClient(tenant);
    expect(namesOf(await listClients(reader(tenant), { q }))).toEqual([]);
  });

  test("takes what makes no sense for no wish", async () => {
    const tenant = await aTenant();
    await aClient(tenant, [], "One");
    for (const wish of [undefined, "x", { q: ["a"] }, { sort: "size" }, { after: "1" }, { state: "any" }]) {
      expect(namesOf(await listClients(reader(tenant), wish))).toEqual(["One"]);
    }
  });

  test("leaves only those that the reader is assigned to, where that is wished", async () => {
    const tenant = await aTenant();
    const mine = await aClient(tenant, [], "Mine");
    await aClient(tenant, [], "Other");
    const nora = await assignedTo(tenant, [mine]);
    const all = { ...nora, actor: { ...nora.actor, clientScope: "all" as const } };
    expect(namesOf(await listClients(all, {}))).toEqual(["Mine", "Other"]);
    expect(namesOf(await listClients(all, { assigned: "me" }))).toEqual(["Mine"]);
  });

  test("counts contacts who are there", async () => {
    const tenant = await aTenant();
    const [ann, ben] = [
      await aMember(tenant, { kind: "contact" }),
      await aMember(tenant, { kind: "contact" }),
    ];
    const client = await aClient(tenant, [ann, ben]);
    await owner()`update members set status = 'disabled', deleted_at = portal_now() where id = ${ben.id}`;
    expect((await listClients(reader(tenant), {})).clients).toMatchObject([{ contacts: 1 }]);
    expect((await getClient(reader(tenant), client.id)).contacts).toBe(1);
    expect((await getClientContacts(reader(tenant), { clientId: client.id })).contacts).toHaveLength(1);
  });

  test("takes as many statements for a hundred clients as for one, also for assigned staff", async () => {
    const [small, large] = [await aTenant(), await aTenant()];
    await manyClients(small, 1);
    await manyClients(large, 100);
    const [few, many] = [await assignedTo(small, []), await assignedTo(large, [])];
    for (const [one, hundred] of [
      [reader(small), reader(large)],
      [few, many],
    ] as const) {
      const ofOne = await statementsOf(() => listClients(one, {}));
      expect(await statementsOf(() => listClients(hundred, {}))).toEqual(ofOne);
    }
  });
});

test("the contacts of one client are paged by key, in as many statements for a hundred as for one (002-05, 001-03)", async () => {
  const tenant = await aTenant();
  const [small, large] = [await aClient(tenant), await aClient(tenant)];
  await owner()`
    with made as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select ${tenant.id}, 'contact', 'Same Name', 'u' || n, 'u' || n,
             (select id from security_groups where tenant_id = ${tenant.id} and preset = 'contact')
        from generate_series(1, 130) n returning id)
    insert into client_contacts (tenant_id, client_id, member_id) select ${tenant.id}, ${large.id}, id from made`;
  await owner()`
    insert into client_contacts (tenant_id, client_id, member_id)
    select tenant_id, ${small.id}, member_id from client_contacts where client_id = ${large.id} limit 1`;
  const first = await getClientContacts(reader(tenant), { clientId: large.id });
  const second = await getClientContacts(reader(tenant), { clientId: large.id, after: first.next });
  expect([first.contacts.length, second.contacts.length, second.next]).toEqual([100, 30, undefined]);
  expect(new Set([...first.contacts, ...second.contacts].map(({ id }) => id)).size).toBe(130);
  const read = (clientId: string) => () => getClientContacts(reader(tenant), { clientId });
  expect(await statementsOf(read(large.id))).toEqual(await statementsOf(read(small.id)));
});
