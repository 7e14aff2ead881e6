import { and, eq, isNull, ne } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";

export type SessionEnd =
  | "signed_out"
  | "password_changed"
  | "address_changed"
  | "member_disabled"
  | "member_deleted"
  | "member_erased"
  | "member_federated"
  | "member_unlinked"
  | "group_lost"
  | "frozen"
  | "duty_done"
  | "locked"
  | "ended_by_owner"
  | "ended_by_administrator"
  | "ended_by_provider"
  | "factors_changed"
  | "replaced"
  | "too_many"
  | "connection_retired"
  | "connection_compromised";

/** Ends all live sessions of a member but one, pending ones too; each is out on its next request. Gives their number. */
export async function revokeSessions(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason: SessionEnd,
  but?: string,
): Promise<number> {
  const others = but === undefined ? undefined : ne(sessions.id, but);
  const ended = await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(and(eq(sessions.memberId, memberId), isNull(sessions.revokedAt), others))
    .returning({ id: sessions.id });
  return ended.length;
}

/** Ends a member's pending sessions: what was proven before does not count any more. */
export async function revokePendingSessions(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason: SessionEnd,
): Promise<void> {
  await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(and(eq(sessions.memberId, memberId), eq(sessions.kind, "pending"), isNull(sessions.revokedAt)));
}

/** Ends one session. False when it had ended before: of two requests that need it, one goes on. */
export async function revokeSession(
  db: TenantDb,
  now: Date,
  sessionId: string,
  reason: SessionEnd,
): Promise<boolean> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });
  return ended.length === 1;
}

/**
 * As many full ones of a member may be open at once; the one that was used longest ago gives way: a program that signs in anew
 * each time has one that it uses. Pending ones do not count: whoever knows the password alone must not end its owner's with
 * them.
 */
export const MOST_SESSIONS = 100;
