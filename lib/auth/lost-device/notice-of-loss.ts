import { and, desc, eq, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import { HOLD } from "./open-reset.ts";

type Notice = typeof outboxEmails.$inferSelect;

/** How much of the day an owner has at least from when the notice left: mail may take an hour. */
const AT_LEAST = HOLD - HOUR;

/** The mail that tells the owner of a reset how to stop it. */
export async function findNotice(db: TenantDb, resetId: string): Promise<Notice | undefined> {
  const [notice] = await db
    .select()
    .from(outboxEmails)
    .where(and(eq(outboxEmails.subjectId, resetId), eq(outboxEmails.template, "factor-reset-held")))
    .orderBy(desc(outboxEmails.createdAt), desc(outboxEmails.id))
    .limit(1);
  return notice;
}

/**
 * Until when an owner can stop a reset whose day is over by the clock. In the past where there was time enough, or where
 * the mail server did not take the notice; undefined where it will never leave.
 */
export function noticeEndsAt(now: Date, notice: Notice | undefined): Date | undefined {
  if (notice?.status === "failed") return now;
  if (notice?.status === "sent") return after(notice.sentAt ?? now, AT_LEAST);
  return notice?.status === "queued" ? after(now, HOLD) : undefined;
}

/** What the notice says, and what it carries, has to be good for as long as the hold. */
export async function keepNoticeOpen(db: TenantDb, resetId: string, until: Date): Promise<void> {
  await db
    .update(outboxEmails)
    .set({ props: { at: until.toISOString() } })
    .where(and(eq(outboxEmails.subjectId, resetId), eq(outboxEmails.status, "queued")));
  await db
    .update(oneTimeSecrets)
    .set({ expiresAt: until })
    .where(
      and(
        eq(oneTimeSecrets.subjectId, resetId),
        eq(oneTimeSecrets.purpose, "factor_hold"),
        isNull(oneTimeSecrets.endedAt),
      ),
    );
}
