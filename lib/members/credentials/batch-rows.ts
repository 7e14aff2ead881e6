import { and, asc, eq, gt, ne, type SQL } from "drizzle-orm";
import { credentialBatchRows } from "#db/schema/credential-batches.ts";
import { members } from "#db/schema/members.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { type ShownAddress, shownAddress } from "#lib/members/shown-address.ts";
import { type CredentialMail, credentialMailOf } from "#lib/outbox/delivery-state.ts";
import { SKIP_REASONS, type SkipReason } from "./skip-reasons.ts";

/** One person of a batch, and what came of it. */
export type BatchRow = ShownAddress & {
  memberId: string;
  position: number;
  name: string;
  status: "waiting" | "mailed" | "skipped";
  /** Why nothing was or will be sent, in words. */
  reason: string | undefined;
  /** What became of the mail, once one is promised. */
  mail: CredentialMail | undefined;
};

type Part = { only?: "skipped" | "chosen"; after?: number; limit?: number };

/** The people of a batch in its order: all of them, or those that are left out, or the others. */
export async function batchRows(
  db: TenantDb,
  ctx: Context,
  batchId: string,
  { only, after, limit }: Part = {},
): Promise<BatchRow[]> {
  const reading = db
    .select({ row: credentialBatchRows, member: members, mail: outboxEmails })
    .from(credentialBatchRows)
    .innerJoin(members, eq(members.id, credentialBatchRows.memberId))
    .leftJoin(outboxEmails, eq(outboxEmails.id, credentialBatchRows.emailId))
    .where(and(eq(credentialBatchRows.batchId, batchId), partOf(only), behind(after)))
    .orderBy(asc(credentialBatchRows.position));
  const rows = await (limit === undefined ? reading : reading.limit(limit));
  return rows.map(({ row, member, mail }) => ({
    ...shownAddress(ctx, member),
    memberId: member.id,
    position: row.position,
    name: member.name,
    status: row.status,
    reason: row.reason ? SKIP_REASONS[row.reason as SkipReason] : undefined,
    mail: mail ? credentialMailOf(mail) : undefined,
  }));
}

function partOf(only: Part["only"]): SQL | undefined {
  if (only === undefined) return undefined;
  const { status } = credentialBatchRows;
  return only === "skipped" ? eq(status, "skipped") : ne(status, "skipped");
}

function behind(after: number | undefined): SQL | undefined {
  return after === undefined ? undefined : gt(credentialBatchRows.position, after);
}
