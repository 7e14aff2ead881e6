import { and, count, eq, isNull, type SQL, sql } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { COUNTED, countUpTo, ONE, upTo } from "#lib/core/count-up-to.ts";

/** How many contacts a client has, counted up to `COUNTED`: of those that some condition holds for. */
export function countFirstContacts(db: TenantDb, clientId: string, besides?: SQL): Promise<number> {
  const contacts = db
    .select(ONE)
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(and(eq(clientContacts.clientId, clientId), isNull(members.deletedAt), besides))
    .orderBy(clientContacts.memberId)
    .limit(upTo(COUNTED));
  return countUpTo(db, contacts);
}

/** To the last one, with how many of them belong to no other client. */
export async function countContacts(db: TenantDb, clientId: string): Promise<{ all: number; only: number }> {
  const only = sql<number>`count(*) filter (where ${hasNoOther(clientId)})`.mapWith(Number);
  const [row] = await db
    .select({ all: count(), only })
    .from(clientContacts)
    .innerJoin(members, eq(members.id, clientContacts.memberId))
    .where(and(eq(clientContacts.clientId, clientId), isNull(members.deletedAt)));
  return { all: row?.all ?? 0, only: row?.only ?? 0 };
}

/** Whether somebody belongs to no other client that is there. */
export function hasNoOther(clientId: string): SQL {
  return sql`not exists (
    select from ${clientContacts} other join ${clients} on ${clients.id} = other.client_id and ${clients.deletedAt} is null
     where other.member_id = ${members.id} and other.client_id <> ${clientId})`;
}
