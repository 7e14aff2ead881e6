import { eq } from "drizzle-orm";
import { credentialBatches } from "#db/schema/credential-batches.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";

export type Batch = typeof credentialBatches.$inferSelect;

/** A batch that its reader may send: one of staff needs more. To anybody else it does not exist: throws not_found. */
export async function findBatch(db: TenantDb, ctx: Context, batchId: string): Promise<Batch> {
  const [batch] = await db.select().from(credentialBatches).where(eq(credentialBatches.id, batchId));
  return visible(ctx, batch);
}

/** The same, held until the transaction ends: one decides about a batch at a time, or works on it. */
export async function lockBatch(db: TenantDb, batchId: string): Promise<Batch | undefined> {
  const [batch] = await db
    .select()
    .from(credentialBatches)
    .where(eq(credentialBatches.id, batchId))
    .for("no key update");
  return batch;
}

export function visible(ctx: Context, batch: Batch | undefined): Batch {
  const may = batch?.kind === "contact" || hasPermission(ctx, "members:reset");
  if (!batch || !may) throw notFound();
  return batch;
}
