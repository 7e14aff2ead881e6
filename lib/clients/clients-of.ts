import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
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
  const rows = await db
    .select({ memberId: clientContacts.memberId, id: clients.id, name: clients.name })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(and(inArray(clientContacts.memberId, memberIds), isNull(clients.deletedAt), seenClients(ctx)))
    .orderBy(asc(clients.name));
  const byMember = new Map<string, ClientName[]>();
  for (const { memberId, id, name } of rows) {
    byMember.set(memberId, [...(byMember.get(memberId) ?? []), { id, name }]);
  }
  return byMember;
}
