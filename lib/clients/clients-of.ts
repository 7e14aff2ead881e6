import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";

export type ClientName = { id: string; name: string };

/** The clients that each of these people is a contact of, by name: those that the reader sees. */
export async function clientsOf(
  db: TenantDb,
  ctx: Context,
  memberIds: string[],
): Promise<Map<string, ClientName[]>> {
  const rows = await db.execute<{ id: string; names: ClientName[] | null }>(
    sql`select ${members.id}, ${clientNames(ctx)} as names from ${members}
         where ${members.id} = any(${sql.param(memberIds)}::uuid[])`,
  );
  return new Map(rows.map(({ id, names }) => [id, names ?? []]));
}

/** The same where `members` are read anyway; null where there is none. */
export function clientNames(ctx: Context): SQL<ClientName[] | null> {
  const seen = and(eq(clientContacts.memberId, members.id), isNull(clients.deletedAt), seenClients(ctx));
  return sql`(
    select jsonb_agg(jsonb_build_object('id', ${clients.id}, 'name', ${clients.name}) order by ${clients.name})
      from ${clientContacts} join ${clients} on ${clients.id} = ${clientContacts.clientId} where ${seen})`;
}
