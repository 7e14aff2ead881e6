import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { listEvents } from "#lib/audit/list-events.ts";
import { listMemberEvents } from "#lib/audit/list-member-events.ts";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { listApiTokens } from "#lib/auth/api-tokens/list-api-tokens.ts";
import { deleteClient } from "#lib/clients/delete-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import { after as later, MINUTE } from "#lib/core/clock.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { eraseMember } from "#lib/members/erase-member.ts";
import { readPiece } from "#lib/members/export-people.ts";
import { listInvitations } from "#lib/members/invitations/list-invitations.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { PeopleFilters } from "#lib/members/page-of-members.ts";
import { readContacts } from "#lib/members/read-contacts.ts";
import { listRequests } from "#lib/members/recovery/list-requests.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { nextAccessRows } from "#lib/reports/export-access-report.ts";
import { AccessFilters } from "#lib/reports/input.ts";
import { assignedTo, EVERYTHING } from "#tests/support/clients.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { askForHelp } from "#tests/support/help.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

type World = Awaited<ReturnType<typeof world>>;
type Side = World["hidden"];

/** More than a list counts. */
const MANY = 1100;

/**
 * Nora sees one of two clients. What she does not see has its place before all that she sees, in each of the orders that are
 * asked for below: whoever goes on behind it finds everything, and whoever goes on behind nothing finds nothing.
 */
async function world() {
  const tenant = await aTenant();
  const ada = actingAs(tenant, await aMember(tenant, { name: "Ada" }), ...EVERYTHING);
  const hidden = await contactOf("A Hidden Contact", "A Hidden Client");
  const seen = await contactOf("B Seen Contact", "B Seen Client");
  const last = await contactOf("Z Last Contact", "Z Last Client");
  const nora = await assignedTo(tenant, [seen.client, last.client]);
  await owner()`update clients set created_at = created_at + interval '1 day' where id = ${hidden.client.id}`;
  await alter(tenant, hidden.contact, { createdAt: new Date(0), lastSignInAt: later(new Date(), MINUTE) });
  await alter(tenant, seen.contact, { createdAt: new Date(1), lastSignInAt: new Date() });

  async function contactOf(name: string, clientName: string) {
    const contact = await aMember(tenant, { kind: "contact", name });
    const client = await aClient(tenant, [contact], clientName);
    return { contact, client };
  }

  return { tenant, ada, nora, hidden, seen, last };
}

/** So many people were invited that a list reads a page of them alone. */
async function aCrowdOf({ client: { id } }: Side): Promise<void> {
  await owner()`
    with crowd as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id)
      select c.tenant_id, 'contact', 'Crowd', 'crowd' || n, 'crowd' || n, g.id
        from clients c join security_groups g on g.tenant_id = c.tenant_id and g.preset = 'contact',
             generate_series(1, ${MANY}::integer) n
       where c.id = ${id} returning tenant_id, id
    ), links as (
      insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
      select tenant_id, id, 'invitation', decode(md5(id::text), 'hex'), id::text, 5, portal_now() + interval '1 day'
        from crowd)
    insert into client_contacts (tenant_id, client_id, member_id) select tenant_id, ${id}, id from crowd`;
}

/** A page that begins behind the place of something, and how many rows it has. */
type Read = (all: World, after: string) => Promise<number>;

const contactsBy =
  (sort: string): Read =>
  async ({ nora }, after) =>
    (await listContacts(nora, { sort, after })).people.length;

const clientsBy =
  (sort: string): Read =>
  async ({ nora }, after) =>
    (await listClients(nora, { sort, after })).clients.length;

const OF_PEOPLE: [list: string, read: Read][] = [
  ["contacts by name", contactsBy("name")],
  ["contacts by their last sign-in", contactsBy("-login")],
  ["contacts by their creation", contactsBy("created")],
  ["contacts for a program", async ({ nora }, after) => (await readContacts(nora, { after })).people.length],
  [
    "the contacts of a client",
    async ({ nora, seen: { client } }, after) =>
      (await getClientContacts(nora, { clientId: client.id, after })).contacts.length,
  ],
  ["the access report", async ({ nora }, after) => (await accessReport(nora, { after })).rows.length],
  [
    "invitations",
    async ({ nora }, after) => (await listInvitations(nora, { kind: "contact", after })).invitations.length,
  ],
];

describe("a page that shall begin behind what its reader does not see is empty, as behind what was never there (E7)", () => {
  test.each(OF_PEOPLE)("in the list of %s", async (_, read) => {
    const all = await world();
    await aCrowdOf(all.seen);
    expect(await read(all, all.seen.contact.id), "behind somebody who is seen").toBeGreaterThan(0);
    expect(await read(all, all.hidden.contact.id)).toBe(0);
    expect(await read(all, randomUUID())).toBe(0);
  });

  test.each([
    ["name", "seen"],
    ["created", "last"],
  ] as const)("in the list of clients by %s", async (sort, first) => {
    const all = await world();
    const read = clientsBy(sort);
    expect(await read(all, all[first].client.id), "behind one that is seen").toBe(1);
    expect(await read(all, all.hidden.client.id)).toBe(0);
  });

  test("in the queue of those who ask for help", async () => {
    const { tenant, nora, hidden, seen, last } = await world();
    const asked = async ({ contact }: Side) => askForHelp(tenant, contact.username);
    const [older, newer, newest] = [await asked(last), await asked(seen), await asked(hidden)];
    const idsBehind = async (after: string) =>
      (await listRequests(nora, { after })).requests.map(({ id }) => id);
    expect(await idsBehind(newer)).toEqual([older]);
    expect(await idsBehind(newest)).toEqual([]);
  });

  test("in the list of API tokens", async () => {
    const { tenant, ada } = await world();
    const aTokenOf = async (name: string) => {
      const member = await aMember(tenant, { name, password: GOOD_PASSWORD });
      return { member, ...(await generateApiToken(ada, { memberId: member.id })) };
    };
    const [own, another] = [await aTokenOf("Robin"), await aTokenOf("Tom")];
    const robin = actingAs(tenant, own.member, "api_tokens:manage");
    const idsBehind = async (ctx: MemberContext) =>
      (await listApiTokens(ctx, { after: another.id })).tokens.map(({ id }) => id);
    expect(await idsBehind(ada)).toEqual([own.id]);
    expect(await idsBehind(robin)).toEqual([]);
  });

  test("in the list of what happened to one person", async () => {
    const { ada, seen, hidden } = await world();
    const disabled = async ({ contact: { id: memberId } }: Side) => {
      await setAccess(ada, { memberId, status: "disabled" });
      return (await listEvents(ada, { about: memberId })).events[0]?.id;
    };
    const ids = [await disabled(seen), await disabled(hidden)];
    const behind = async (after: string | undefined) =>
      (await listMemberEvents(ada, { memberId: seen.contact.id, after })).events.map(({ id }) => id);
    expect(await behind(undefined)).toEqual([ids[0]]);
    expect(await behind(ids[1])).toEqual([]);
  });
});

describe("so is one behind", () => {
  const OF_CONTACTS = ["clients:read", "reports:read"] as const;
  const OF_STAFF = ["members:read", "reports:read"] as const;

  test("staff in a list of contacts, and contacts in a list of staff", async () => {
    const { tenant, ada, seen } = await world();
    const contacts = actingWith(tenant, ...OF_CONTACTS);
    expect((await listContacts(contacts, { after: ada.actor.memberId })).people).toEqual([]);
    const staff = actingWith(tenant, ...OF_STAFF);
    expect((await listMembers(staff, { after: seen.contact.id })).people).toEqual([]);
  });

  test("staff in a report of more people than are counted, for who sees contacts alone", async () => {
    const { tenant, ada, seen } = await world();
    await aCrowdOf(seen);
    const behind = async (after: string, ...permissions: Permission[]) =>
      (await accessReport(actingWith(tenant, ...permissions), { after })).rows.length;
    expect(await behind(ada.actor.memberId, ...OF_CONTACTS, "members:read")).toBe(100);
    expect(await behind(ada.actor.memberId, ...OF_CONTACTS)).toBe(0);
  });

  test("who is deleted, but for those who may delete; and who is erased for all", async () => {
    const { tenant, ada, seen, last } = await world();
    const reader = actingWith(tenant, "clients:read");
    const behind = async (ctx: MemberContext, wish: object = {}) => {
      const { people } = await listContacts(ctx, { after: seen.contact.id, ...wish });
      return people.map(({ name }) => name);
    };
    await deleteMember(ada, { memberId: seen.contact.id });
    expect(await behind(reader)).toEqual([]);
    expect(await behind(ada)).toEqual([last.contact.name]);
    await deleteMember(ada, { memberId: last.contact.id });
    expect(await behind(ada, { state: "deleted" })).toEqual([last.contact.name]);
    await eraseMember(ada, { memberId: seen.contact.id });
    expect(await behind(ada, { state: "deleted" })).toEqual([]);
  });

  test("a client that is deleted, but for those who may delete", async () => {
    const { tenant, ada, seen, last } = await world();
    const behind = async (ctx: MemberContext, wish: object = {}) =>
      (await listClients(ctx, { after: seen.client.id, ...wish })).clients.map(({ name }) => name);
    await deleteClient(ada, { clientId: seen.client.id });
    expect(await behind(actingWith(tenant, "clients:read"))).toEqual([]);
    expect(await behind(ada)).toEqual([last.client.name]);
    await deleteClient(ada, { clientId: last.client.id });
    expect(await behind(ada, { state: "deleted" })).toEqual([last.client.name]);
  });
});

describe("somebody stays a place", () => {
  test("who is no longer what the list is narrowed to", async () => {
    const { nora, seen, last } = await world();
    await setAccess(nora, { memberId: seen.contact.id, status: "disabled" });
    const { people } = await listContacts(nora, { status: "enabled", after: seen.contact.id });
    expect(people.map(({ name }) => name)).toEqual([last.contact.name]);
  });

  test("in a table that is taken away, who is deleted before the next piece: it does not end there", async () => {
    const { tenant, ada, seen, last } = await world();
    const reader = actingWith(tenant, "people:export", "reports:read", "clients:read");
    await deleteMember(ada, { memberId: seen.contact.id });
    const wish = { kind: "contact" as const, filters: PeopleFilters.parse({}), byteOrderMark: false };
    const { csv } = await readPiece(reader, { wish, after: seen.contact.id });
    expect(csv).toContain(last.contact.name);
    const { rows } = await nextAccessRows(reader, AccessFilters.parse({ after: seen.contact.id }));
    expect(rows.map(({ name }) => name)).toEqual([last.contact.name]);
  });
});
