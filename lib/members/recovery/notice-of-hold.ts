import { and, desc, eq, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after } from "#lib/core/clock.ts";
import { HOLD } from "./approve-address.ts";
import type { RecoveryRequest } from "./lock-request.ts";

/**
 * Until when the old address can stop a new one: a day from when its notice left, whenever that was (B12). In the past
 * where there is nobody to tell, or the mail server did not take it; undefined where the notice will never leave.
 */
export async function holdEndsAt(
  db: TenantDb,
  now: Date,
  request: RecoveryRequest,
): Promise<Date | undefined> {
  if (request.oldEmailKey === null) return now;
  const [notice] = await db
    .select()
    .from(outboxEmails)
    .where(and(eq(outboxEmails.subjectId, request.id), eq(outboxEmails.template, "address-held")))
    .orderBy(desc(outboxEmails.createdAt), desc(outboxEmails.id))
    .limit(1);
  if (notice?.status === "failed") return now;
  if (notice?.status === "sent") return after(notice.sentAt ?? now, HOLD);
  return notice?.status === "queued" ? after(now, HOLD) : undefined;
}

/** What the notice carries was made at the first attempt to send it: it has to be good for as long as the hold. */
export async function keepNoticeOpen(db: TenantDb, requestId: string, until: Date): Promise<void> {
  await db
    .update(oneTimeSecrets)
    .set({ expiresAt: until })
    .where(
      and(
        eq(oneTimeSecrets.subjectId, requestId),
        eq(oneTimeSecrets.purpose, "address_hold"),
        isNull(oneTimeSecrets.endedAt),
      ),
    );
}
