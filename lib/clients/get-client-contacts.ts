import { asc, eq, getTableColumns } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import type { Member } from "#lib/members/find-member.ts";
import { describeContacts } from "#lib/members/list-contacts.ts";

/** A client with its contacts, by name. Throws not_found. */
export const getClientContacts = query({
  event: "client_contacts.listed",
  permission: "clients:read",
  async run({ db, ctx }, clientId: string) {
    if (!isId(clientId)) throw notFound();
    const [client] = await db.select().from(clients).where(eq(clients.id, clientId));
    if (!client) throw notFound();
    return { client, contacts: await describeContacts(db, ctx, await contactsOf(db, clientId)) };
  },
});

export function contactsOf(db: TenantDb, clientId: string): Promise<Member[]> {
  return db
    .select(getTableColumns(members))
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(eq(clientContacts.clientId, clientId))
    .orderBy(asc(members.name), asc(members.id));
}
