import { asc, eq } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";

/** A client with its contacts, by name. Throws not_found. */
export const getClientContacts = query({
  event: "client_contacts.listed",
  permission: "clients:read",
  async run({ db }, clientId: string) {
    if (!isId(clientId)) throw notFound();
    const [client] = await db.select().from(clients).where(eq(clients.id, clientId));
    if (!client) throw notFound();
    return { client, contacts: await contactsOf(db, clientId) };
  },
});

export function contactsOf(db: TenantDb, clientId: string) {
  return db
    .select({
      id: members.id,
      name: members.name,
      username: members.username,
      email: members.email,
      status: members.status,
      federated: members.connectionId,
      lastSignInAt: members.lastSignInAt,
    })
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(eq(clientContacts.clientId, clientId))
    .orderBy(asc(members.name), asc(members.id));
}
