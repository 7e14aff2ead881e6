import { and, asc, eq } from "drizzle-orm";
import { credentialBatches, credentialBatchRows } from "#db/schema/credential-batches.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { enqueueCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { takeWish } from "#lib/auth/reset/one-wish.ts";
import type { RunContext } from "#lib/core/command.ts";
import { lockMembers, type Member } from "#lib/members/find-member.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { type Batch, lockBatch } from "./find-batch.ts";
import { type SkipReason, whySkipped } from "./skip-reasons.ts";

/** People of one transaction. Their accounts are held while it lasts: a sign-in of theirs waits for it. */
const CHUNK = 25;

/**
 * Promises the mails of the next people of a batch, in one transaction with the note that they are promised: whatever
 * stops the worker between two chunks or within one, nobody is left out and nobody gets two (D1).
 * @returns whether there is more to do
 */
export function sendBatch(tenantId: TenantId, batchId: string): Promise<"done" | "more"> {
  return withTenant(tenantId, async (db, now) => {
    const batch = await lockBatch(db, batchId);
    if (batch?.status !== "sending") return "done";
    const waiting = await db
      .select({ memberId: credentialBatchRows.memberId })
      .from(credentialBatchRows)
      .where(and(eq(credentialBatchRows.batchId, batchId), eq(credentialBatchRows.status, "waiting")))
      .orderBy(asc(credentialBatchRows.position))
      .limit(CHUNK);
    const ctx = await currentSystemContext(db);
    // All of them before the first allowance is taken: who mails one of them meanwhile holds an account and asks for it.
    const people = await lockMembers(
      db,
      waiting.map(({ memberId }) => memberId),
    );
    const policy = await readSecurityOptions(db);
    // Whoever is gone has taken the row along.
    for (const member of people.values()) await workOff(db, { ...ctx, now }, { batch, policy }, member);
    if (waiting.length === CHUNK) return "more";
    await db
      .update(credentialBatches)
      .set({ status: "done", finishedAt: now })
      .where(eq(credentialBatches.id, batchId));
    return "done";
  });
}

type Work = { batch: Batch; policy: SecurityPolicy };

async function workOff(db: TenantDb, ctx: RunContext, work: Work, member: Member): Promise<void> {
  const { batch } = work;
  const { id: memberId } = member;
  const reason = await whyNotNow(db, ctx.now, work, member);
  const emailId = reason ? null : await enqueueCredentialsMail(db, ctx.now, member, { bulk: true });
  await db
    .update(credentialBatchRows)
    .set(reason ? { status: "skipped", reason } : { status: "mailed", emailId })
    .where(and(eq(credentialBatchRows.batchId, batch.id), eq(credentialBatchRows.memberId, memberId)));
  if (reason) return;
  await recordEvent(db, ctx, { event: "credentials.sent", targetId: memberId, detail: { batch: batch.id } });
}

/** Much can change between a preview and its sending: who is to be mailed is judged again at the last moment. */
async function whyNotNow(
  db: TenantDb,
  now: Date,
  { batch: { kind }, policy }: Work,
  member: Member,
): Promise<SkipReason | undefined> {
  const hasPassword = (await findHash(db, member.id)) !== undefined;
  const reason = whySkipped(kind, { member, hasPassword }, policy, now);
  if (reason) return reason;
  if (!(await takeWish(db, member.id))) return "just_sent";
  return (await takeMailAllowance(db, member.email ?? "", "staff")) ? undefined : "too_many_mails";
}
