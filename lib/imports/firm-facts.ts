import { and, inArray, or, type SQL, sql } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenContacts } from "#lib/access/seen.ts";
import type { MemberContext } from "#lib/core/context.ts";
import type { Group } from "#lib/groups/held.ts";
import type { Member } from "#lib/members/find-member.ts";
import { promisedAddresses } from "#lib/members/promised-addresses.ts";
import type { Person } from "./read-person.ts";

type Client = { id: string; name: string };

/** What the firm has that a few hundred lines speak of, read at once. */
export type FirmFacts = {
  groups: Group[];
  byEmail: Map<string, Member>;
  byUsername: Map<string, Member>;
  /** Addresses that nobody has, and somebody can take back. */
  promised: Set<string>;
  /** Contacts that the importer works with. */
  inReach: Set<string>;
  /** The clients that the importer sees, by their names in small letters. */
  clients: Map<string, Client>;
  /** Names of all others, deleted ones too: nobody can create them again. */
  takenNames: Set<string>;
  clientsOf: Map<string, Set<string>>;
};

export async function readFirmFacts(
  db: TenantDb,
  importer: MemberContext,
  people: Person[],
): Promise<FirmFacts> {
  const known = await readMembers(db, people);
  const ids = known.map(({ id }) => id);
  const names = [...new Set(people.flatMap((person) => person.clients.map((name) => name.toLowerCase())))];
  return {
    groups: await db.select().from(securityGroups),
    byEmail: new Map(known.flatMap((member) => (member.emailKey ? [[member.emailKey, member]] : []))),
    byUsername: new Map(known.map((member) => [member.usernameKey, member])),
    promised: await promisedAddresses(
      db,
      people.flatMap(({ names }) => names.emailKey ?? []),
    ),
    inReach: await reachable(db, importer, ids),
    ...(await readClients(db, importer, names)),
    clientsOf: await clientIdsOf(db, ids),
  };
}

function readMembers(db: TenantDb, people: Person[]): Promise<Member[]> {
  const usernames = sql.param(people.map(({ names }) => names.usernameKey));
  const emails = sql.param(people.flatMap(({ names }) => names.emailKey ?? []));
  return db
    .select()
    .from(members)
    .where(
      or(
        sql`${members.usernameKey} = any(${usernames}::text[])`,
        sql`${members.emailKey} = any(${emails}::text[])`,
      ),
    );
}

async function reachable(db: TenantDb, importer: MemberContext, ids: string[]): Promise<Set<string>> {
  const narrowed = seenContacts(importer);
  if (!narrowed) return new Set(ids);
  const rows = await db
    .select({ id: members.id })
    .from(members)
    .where(and(inArray(members.id, ids), narrowed));
  return new Set(rows.map(({ id }) => id));
}

async function readClients(db: TenantDb, importer: MemberContext, names: string[]) {
  const isSeen: SQL = seenClients(importer) ?? sql`true`;
  const rows = await db
    .select({
      id: clients.id,
      name: clients.name,
      seen: sql<boolean>`${clients.deletedAt} is null and ${isSeen}`,
    })
    .from(clients)
    .where(sql`lower(${clients.name}) = any(${sql.param(names)}::text[])`);
  const keyed = (seen: boolean) => rows.filter((row) => row.seen === seen);
  return {
    clients: new Map(keyed(true).map(({ id, name }) => [name.toLowerCase(), { id, name }])),
    takenNames: new Set(keyed(false).map(({ name }) => name.toLowerCase())),
  };
}

async function clientIdsOf(db: TenantDb, memberIds: string[]): Promise<Map<string, Set<string>>> {
  const rows = await db
    .select({ memberId: clientContacts.memberId, clientId: clientContacts.clientId })
    .from(clientContacts)
    .where(inArray(clientContacts.memberId, memberIds));
  const byMember = new Map<string, Set<string>>();
  for (const { memberId, clientId } of rows) {
    byMember.set(memberId, (byMember.get(memberId) ?? new Set()).add(clientId));
  }
  return byMember;
}
