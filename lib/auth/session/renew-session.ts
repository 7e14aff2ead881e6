import { and, eq, isNull } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import type { Proof } from "#lib/policy/second-factor.ts";
import { type StartedSession, startSession } from "./start-session.ts";

type Renewed = Pick<typeof sessions.$inferSelect, "memberId" | "method" | "proofs" | "factorAt">;

/**
 * Ends the caller's own session, to go on in a new one with `beginAgain` (SEC44). Of two requests one does.
 * @throws DomainError unauthenticated where it has ended
 */
export async function endOwnSession(db: TenantDb, ctx: RunContext): Promise<Renewed> {
  const [row] = await db
    .update(sessions)
    .set({ revokedAt: ctx.now, revokedReason: "replaced" })
    .where(and(eq(sessions.id, ctx.actor?.sessionId ?? ""), isNull(sessions.revokedAt)))
    .returning();
  if (!row) throw unauthenticated("session_ended");
  return row;
}

/** The session that takes the place of an ended one: with a new token and what was proven before. */
export function beginAgain(
  db: TenantDb,
  ctx: RunContext,
  { memberId, method, proofs, factorAt }: Renewed,
): Promise<StartedSession> {
  return startSession(db, ctx, { memberId, method, factorAt, proofs: proofs as Proof[], duties: [] });
}
