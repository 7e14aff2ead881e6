import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { type Duty, SESSION_LIMITS } from "#lib/policy/session.ts";
import { revokeSession } from "./revoke-sessions.ts";

export type NewSession = { memberId: string; method: "password" | "sso"; duties: Duty[] };

export type StartedSession = { sessionId: string; kind: "pending" | "full"; token: string };

/**
 * The one place where a session begins, whatever proved the identity: full, or pending while duties are open.
 * The token goes into the browser's cookie and nowhere else. The id is new each time (SEC44).
 */
export async function startSession(
  db: TenantDb,
  ctx: RunContext,
  { memberId, method, duties }: NewSession,
): Promise<StartedSession> {
  const token = randomToken();
  const kind = duties.length > 0 ? "pending" : "full";
  await endEarlierSession(db, ctx);
  const { idleMinutes, absolute } = SESSION_LIMITS[kind];
  const { host, source, userAgent } = ctx.origin;

  const [session] = await db
    .insert(sessions)
    .values({
      tokenHash: sha256(token),
      memberId,
      kind,
      duties,
      method,
      host,
      source,
      userAgent,
      lastSeenAt: ctx.now,
      idleMinutes,
      expiresAt: after(ctx.now, absolute),
    })
    .returning({ id: sessions.id });
  if (!session) throw new Error("The database returned no session.");
  if (kind === "full")
    await db.update(members).set({ lastSignInAt: ctx.now }).where(eq(members.id, memberId));
  return { sessionId: session.id, kind, token };
}

/** What the browser had before is dead from here on, whoever it belonged to (SEC44). */
async function endEarlierSession(db: TenantDb, ctx: RunContext): Promise<void> {
  for (const earlier of [ctx.actor, ctx.pending]) {
    if (earlier) await revokeSession(db, ctx.now, earlier.sessionId, "replaced");
  }
}
