import { eq } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { settleFactorProof } from "#lib/auth/lost-device/settle-factor-proof.ts";
import type { RunContext } from "#lib/core/command.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { isStrong, type Proof } from "#lib/policy/second-factor.ts";
import { rotateOwnToken } from "./rotate-own-token.ts";

/**
 * Writes down that the caller's session has just been proven to be its owner's. It goes on under the token that this gives:
 * whoever has copied the one before has none of the proof (SEC44).
 * @throws DomainError unauthenticated where the session has ended
 */
export async function noteProof(db: TenantDb, ctx: RunContext, by: Proof): Promise<string> {
  if (!ctx.actor) throw unauthenticated("not_signed_in");
  const { memberId, sessionId } = ctx.actor;
  const token = await rotateOwnToken(db, ctx);
  if (isStrong([by])) await settleFactorProof(db, ctx, memberId);
  await db
    .update(sessions)
    .set({
      provenAt: ctx.now,
      provenIn: ctx.origin.requestId,
      ...(isStrong([by]) && { factorAt: ctx.now }),
    })
    .where(eq(sessions.id, sessionId));
  return token;
}
