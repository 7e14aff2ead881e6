import { count, eq } from "drizzle-orm";
import * as z from "zod";
import { credentialBatchRows } from "#db/schema/credential-batches.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { PAGE_SIZE } from "#lib/members/page-of-members.ts";
import { type BatchRow, batchRows } from "./batch-rows.ts";
import { type Batch, findBatch } from "./find-batch.ts";
import { SKIP_REASONS, type SkipReason } from "./skip-reasons.ts";

const Place = z.coerce.number().int().min(0).optional().catch(undefined);

/** From an address bar: where a page of each of its two lists begins. What makes no sense there is no wish. */
const BatchWish = z.object({ id: z.string(), chosen: Place, skipped: Place });

/** `begun` is true where this is not its first page. */
export type BatchPart = { rows: BatchRow[]; next: number | undefined; begun: boolean };

export type BatchView = Pick<Batch, "id" | "kind" | "status" | "createdAt" | "confirmedAt" | "finishedAt"> & {
  createdBy: string | undefined;
  tally: Tally;
  chosen: BatchPart;
  skipped: BatchPart;
};

/**
 * A batch with who is mailed, who is not and why, and how far it has got. Throws not_found for one that its reader may
 * not send.
 */
export const getBatch = query({
  event: "batch.read",
  permission: "contacts:reset",
  async run({ db, ctx }, input: unknown): Promise<BatchView> {
    const wish = BatchWish.safeParse(input);
    if (!wish.success || !isId(wish.data.id)) throw notFound();
    const { id, chosen, skipped } = wish.data;
    const { kind, status, createdAt, confirmedAt, finishedAt, createdBy } = await findBatch(db, ctx, id);
    return {
      ...{ id, kind, status, createdAt, confirmedAt, finishedAt },
      createdBy: (await findMemberById(db, createdBy))?.name,
      tally: await tallyOf(db, id),
      chosen: await partOf(db, ctx, id, { only: "chosen", after: chosen }),
      skipped: await partOf(db, ctx, id, { only: "skipped", after: skipped }),
    };
  },
});

async function partOf(
  db: TenantDb,
  ctx: Context,
  batchId: string,
  part: { only: "chosen" | "skipped"; after: number | undefined },
): Promise<BatchPart> {
  const rows = await batchRows(db, ctx, batchId, { ...part, limit: PAGE_SIZE + 1 });
  const next = rows.length > PAGE_SIZE ? rows[PAGE_SIZE - 1]?.position : undefined;
  return { rows: rows.slice(0, PAGE_SIZE), next, begun: part.after !== undefined };
}

/** How many people stand where. A mail that is promised is queued until it is sent, has failed or is suppressed. */
export type Tally = {
  people: number;
  waiting: number;
  skipped: number;
  queued: number;
  sent: number;
  failed: number;
  suppressed: number;
  /** Why people are left out, the most frequent first. */
  reasons: { words: string; people: number }[];
};

async function tallyOf(db: TenantDb, batchId: string): Promise<Tally> {
  const { status, reason, emailId } = credentialBatchRows;
  const groups = await db
    .select({ status, reason, mail: outboxEmails.status, people: count() })
    .from(credentialBatchRows)
    .leftJoin(outboxEmails, eq(outboxEmails.id, emailId))
    .where(eq(credentialBatchRows.batchId, batchId))
    .groupBy(status, reason, outboxEmails.status);
  const sum = (isOne: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(isOne).reduce((total, { people }) => total + people, 0);
  const skipped = groups.filter((group) => group.status === "skipped");
  return {
    people: sum(() => true),
    waiting: sum((group) => group.status === "waiting"),
    skipped: sum((group) => group.status === "skipped"),
    queued: sum(({ mail }) => mail === "queued"),
    sent: sum(({ mail }) => mail === "sent"),
    failed: sum(({ mail }) => mail === "failed"),
    suppressed: sum(({ mail }) => mail === "suppressed"),
    reasons: skipped
      .map((group) => ({ words: SKIP_REASONS[group.reason as SkipReason], people: group.people }))
      .sort((one, other) => other.people - one.people),
  };
}
