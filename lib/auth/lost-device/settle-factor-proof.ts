import { and, eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { cancelOpenReset } from "./cancel-open-reset.ts";

/**
 * What follows when a member has proven a second factor: it is not lost, so nothing is taken away (F3), and the password
 * is the owner's whoever has mailed it.
 */
export async function settleFactorProof(db: TenantDb, ctx: RunContext, memberId: string): Promise<void> {
  await cancelOpenReset(db, ctx.now, { memberId, reason: "proven", from: ctx });
  await db
    .update(passwordCredentials)
    .set({ byMail: false })
    .where(and(eq(passwordCredentials.memberId, memberId), eq(passwordCredentials.byMail, true)));
}
