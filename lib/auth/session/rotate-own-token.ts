import { and, eq, isNull } from "drizzle-orm";
import { retiredSessionTokens, sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { unauthenticated } from "#lib/core/errors.ts";

/**
 * Gives the caller's own session a new token (SEC44); the one before is good for a minute more (DEC20).
 * @throws DomainError unauthenticated where the session has ended
 */
export async function rotateOwnToken(db: TenantDb, ctx: RunContext): Promise<string> {
  const own = and(eq(sessions.id, ctx.actor?.sessionId ?? ""), isNull(sessions.revokedAt));
  const [before] = await db
    .select({ id: sessions.id, tokenHash: sessions.tokenHash })
    .from(sessions)
    .where(own)
    .for("update");
  if (!before) throw unauthenticated("session_ended");
  const token = randomToken();
  await db
    .insert(retiredSessionTokens)
    .values({ tokenHash: before.tokenHash, sessionId: before.id, retiredAt: ctx.now });
  await db
    .update(sessions)
    .set({ tokenHash: sha256(token), rotatedAt: ctx.now, tokenSeen: false })
    .where(own);
  return token;
}
