import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";

export type Client = typeof clients.$inferSelect;

/** A client that the caller sees. One that is deleted, foreign or not assigned does not exist: throws not_found. */
export async function findSeenClient(db: TenantDb, ctx: Context, id: string): Promise<Client> {
  if (!isId(id)) throw notFound();
  const [client] = await db
    .select()
    .from(clients)
    .where(and(eq(clients.id, id), isNull(clients.deletedAt), seenClients(ctx)));
  if (!client) throw notFound();
  return client;
}

/** The same, locked against other changes of it until the transaction ends: one that is there, or a deleted one. */
export async function lockSeenClient(
  db: TenantDb,
  ctx: Context,
  id: string,
  { deleted = false } = {},
): Promise<Client> {
  const state = deleted ? isNotNull(clients.deletedAt) : isNull(clients.deletedAt);
  const [client] = await db
    .select()
    .from(clients)
    .where(and(eq(clients.id, id), state, seenClients(ctx)))
    .for("no key update");
  if (!client) throw notFound();
  return client;
}
