import { and, ne, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { whyNameTaken } from "./why-name-taken.ts";

/**
 * That no other client of the firm has a name, in whatever letters; nobody else takes it until the transaction ends. Those
 * who have shared one for long keep it, which is why no constraint says so. Throws conflict.
 */
export async function requireFreeName(db: TenantDb, ctx: Context, name: string, own?: string): Promise<void> {
  const key = `client-name:${ctx.tenant.id}:${name.toLowerCase()}`;
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
  const others = own === undefined ? undefined : ne(clients.id, own);
  const [other] = await db
    .select({ id: clients.id })
    .from(clients)
    .where(and(sql`lower(${clients.name}) = lower(${name})`, others))
    .limit(1);
  if (other) throw await whyNameTaken(db, ctx, name);
}
