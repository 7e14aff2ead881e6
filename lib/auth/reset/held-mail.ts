import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { SECOND } from "#lib/core/clock.ts";

/** A mail that has not left yet and can be taken back until then. */
export type HeldMail = { emailId: string; until: Date; secondsLeft: number };

/** The mail of a member that is held right now, so that a second press still offers to take it back. */
export async function findHeldMail(db: TenantDb, now: Date, memberId: string): Promise<HeldMail | undefined> {
  const [held] = await db
    .select({ emailId: outboxEmails.id, until: outboxEmails.notBefore })
    .from(outboxEmails)
    .where(
      and(
        eq(outboxEmails.memberId, memberId),
        eq(outboxEmails.status, "queued"),
        gt(outboxEmails.notBefore, now),
      ),
    )
    .orderBy(desc(outboxEmails.createdAt))
    .limit(1);
  if (!held?.until) return undefined;
  const secondsLeft = Math.ceil((held.until.getTime() - now.getTime()) / SECOND);
  return { emailId: held.emailId, until: held.until, secondsLeft };
}

/** Takes back a mail that no delivery has begun with. False when it is too late. */
export async function takeBack(db: TenantDb, emailId: string): Promise<boolean> {
  const taken = await db
    .update(outboxEmails)
    .set({ status: "suppressed", reason: "taken_back" })
    .where(
      and(eq(outboxEmails.id, emailId), eq(outboxEmails.status, "queued"), isNull(outboxEmails.mintedAt)),
    )
    .returning({ id: outboxEmails.id });
  return taken.length === 1;
}
