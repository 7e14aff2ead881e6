import { and, eq, inArray } from "drizzle-orm";
import { credentialBatches, credentialBatchRows } from "#db/schema/credential-batches.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockBatch, requireVisible } from "./find-batch.ts";
import { BatchInput } from "./input.ts";

/**
 * Stops a batch: before it is sent, or while it is, what has not left yet. What has been delivered stays delivered.
 * @throws DomainError not_found, conflict when there is nothing left to stop
 */
export const cancelBatch = command({
  event: "batch.cancelled",
  permission: "contacts:reset",
  input: BatchInput,
  async run({ db, ctx }, { batchId }) {
    const batch = await requireVisible(db, ctx, await lockBatch(db, batchId));
    const stopped = batch.status === "preview" ? 0 : await stopWaiting(db, batchId);
    if (batch.status === "cancelled" || (batch.status === "done" && stopped === 0)) {
      throw new DomainError("conflict", "There is nothing left to cancel.");
    }
    await db
      .update(credentialBatches)
      .set({ status: "cancelled", finishedAt: ctx.now })
      .where(eq(credentialBatches.id, batchId));
    return { id: batchId, stopped };
  },
  audit: ({ id, stopped }) => [{ event: "batch.cancelled", targetId: id, detail: { stopped } }],
});

/** Rows that were not worked off, and mails that were promised and have not left. */
async function stopWaiting(db: TenantDb, batchId: string): Promise<number> {
  const ofBatch = eq(credentialBatchRows.batchId, batchId);
  const rows = await db
    .update(credentialBatchRows)
    .set({ status: "skipped", reason: "cancelled" })
    .where(and(ofBatch, eq(credentialBatchRows.status, "waiting")))
    .returning({ memberId: credentialBatchRows.memberId });
  const emails = db.select({ id: credentialBatchRows.emailId }).from(credentialBatchRows).where(ofBatch);
  const mails = await db
    .update(outboxEmails)
    .set({ status: "suppressed", reason: "cancelled", sealedSecret: null })
    .where(and(eq(outboxEmails.status, "queued"), inArray(outboxEmails.id, emails)))
    .returning({ id: outboxEmails.id });
  return rows.length + mails.length;
}
