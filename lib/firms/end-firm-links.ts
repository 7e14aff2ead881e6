import { eq, sql } from "drizzle-orm";
import { linkedFirms } from "#db/schema/linked-firms.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { Context } from "#lib/core/context.ts";

/**
 * Ends all links of an account whose address changes: they were proven by a mail to the old one (X10). Whatever gives a
 * member another address calls it in the same transaction.
 */
export async function endFirmLinks(db: TenantDb, ctx: Context, memberId: string): Promise<void> {
  const ended = await db
    .select({
      firmId: linkedFirms.otherTenantId,
      ended: sql<boolean>`unlink_firms(${linkedFirms.memberId}, ${linkedFirms.otherTenantId})`,
    })
    .from(linkedFirms)
    .where(eq(linkedFirms.memberId, memberId));
  for (const { firmId: otherFirm } of ended) {
    const event = { event: "firm.unlinked", targetId: memberId, reason: "address_changed" };
    await recordEvent(db, ctx, { ...event, detail: { otherFirm } });
  }
}
