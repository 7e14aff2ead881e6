import { and, count, eq } from "drizzle-orm";
import { credentialBatches, credentialBatchRows } from "#db/schema/credential-batches.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockBatch, requireVisible } from "./find-batch.ts";
import { BatchInput } from "./input.ts";

/**
 * Lets a batch begin that was looked at. A trigger enqueues the work in the same transaction; of two people who press
 * at once one starts it.
 * @throws DomainError not_found, conflict
 */
export const confirmBatch = command({
  event: "batch.confirmed",
  permission: "contacts:reset",
  input: BatchInput,
  async run({ db, ctx }, { batchId }) {
    const batch = await requireVisible(db, ctx, await lockBatch(db, batchId));
    if (batch.status !== "preview") {
      throw new DomainError(
        "conflict",
        "This has been decided already. Reload the page to see what came of it.",
      );
    }
    const people = await countWaiting(db, batchId);
    if (people === 0) throw new DomainError("conflict", "There is nobody to whom this can be sent.");
    await db
      .update(credentialBatches)
      .set({ status: "sending", confirmedAt: ctx.now })
      .where(eq(credentialBatches.id, batchId));
    return { id: batchId, people };
  },
  audit: ({ id, people }) => [{ event: "batch.confirmed", targetId: id, detail: { people } }],
});

async function countWaiting(db: TenantDb, batchId: string): Promise<number> {
  const [row] = await db
    .select({ people: count() })
    .from(credentialBatchRows)
    .where(and(eq(credentialBatchRows.batchId, batchId), eq(credentialBatchRows.status, "waiting")));
  return row?.people ?? 0;
}
