import { and, eq } from "drizzle-orm";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";

/**
 * Somebody of the firm has decided whether a member is in or out: that a directory had switched them off counts no more, so
 * that it does not switch on again whom the firm keeps out.
 */
export async function outrankDirectory(db: TenantDb, memberId: string): Promise<void> {
  await db
    .update(scimUsers)
    .set({ active: "yes" })
    .where(and(eq(scimUsers.memberId, memberId), eq(scimUsers.active, "no")));
}
