import { and, eq, not } from "drizzle-orm";
import { credentialBatches, credentialBatchRows } from "#db/schema/credential-batches.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";

export type Batch = typeof credentialBatches.$inferSelect;

/** A batch that its reader may send: one of staff needs more. To anybody else it does not exist: throws not_found. */
export async function findBatch(db: TenantDb, ctx: Context, batchId: string): Promise<Batch> {
  const [batch] = await db.select().from(credentialBatches).where(eq(credentialBatches.id, batchId));
  return requireVisible(db, ctx, batch);
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

/** A batch of contacts is for whoever sees all of them (E7). */
export async function requireVisible(db: TenantDb, ctx: Context, batch: Batch | undefined): Promise<Batch> {
  const ofStaff = batch?.kind === "staff";
  if (!batch || (ofStaff && !hasPermission(ctx, "members:reset"))) throw notFound();
  if (!ofStaff && (await hasUnseen(db, ctx, batch.id))) throw notFound();
  return batch;
}

async function hasUnseen(db: TenantDb, ctx: Context, batchId: string): Promise<boolean> {
  const narrowed = seenContacts(ctx);
  if (!narrowed) return false;
  const unseen = await db
    .select({ id: members.id })
    .from(credentialBatchRows)
    .innerJoin(members, eq(members.id, credentialBatchRows.memberId))
    .where(and(eq(credentialBatchRows.batchId, batchId), not(narrowed)))
    .limit(1);
  return unseen.length > 0;
}
