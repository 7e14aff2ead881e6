import { asc, eq, inArray } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";

export type ClientName = { id: string; name: string };

/** The clients that each of these people is a contact of, by name. */
export async function clientsOf(db: TenantDb, memberIds: string[]): Promise<Map<string, ClientName[]>> {
  const rows = await db
    .select({ memberId: clientContacts.memberId, id: clients.id, name: clients.name })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(inArray(clientContacts.memberId, memberIds))
    .orderBy(asc(clients.name));
  const byMember = new Map<string, ClientName[]>();
  for (const { memberId, id, name } of rows) {
    byMember.set(memberId, [...(byMember.get(memberId) ?? []), { id, name }]);
  }
  return byMember;
}
