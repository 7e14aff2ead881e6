import { and, count, eq, isNull, sql } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";

/** How many contacts a client has, and how many of them belong to no other client. */
export async function countContacts(db: TenantDb, clientId: string): Promise<{ all: number; only: number }> {
  const elsewhere = sql`exists (
    select from ${clientContacts} other join ${clients} on ${clients.id} = other.client_id and ${clients.deletedAt} is null
     where other.member_id = ${members.id} and other.client_id <> ${clientId})`;
  const [row] = await db
    .select({ all: count(), only: sql<number>`count(*) filter (where not ${elsewhere})`.mapWith(Number) })
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(and(eq(clientContacts.clientId, clientId), isNull(members.deletedAt)));
  return { all: row?.all ?? 0, only: row?.only ?? 0 };
}
