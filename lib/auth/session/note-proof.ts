import { eq } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { settleFactorProof } from "#lib/auth/lost-device/settle-factor-proof.ts";
import type { RunContext } from "#lib/core/command.ts";
import { isStrong, type Proof } from "#lib/policy/second-factor.ts";

/** Writes down that the caller's session has just been proven to be its owner's. */
export async function noteProof(db: TenantDb, ctx: RunContext, by: Proof): Promise<void> {
  if (!ctx.actor) return;
  if (isStrong([by])) await settleFactorProof(db, ctx, ctx.actor.memberId);
  await db
    .update(sessions)
    .set({ provenAt: ctx.now, ...(isStrong([by]) && { factorAt: ctx.now }) })
    .where(eq(sessions.id, ctx.actor.sessionId));
}
