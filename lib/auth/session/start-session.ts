import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { rememberDevice } from "#lib/auth/device/known-devices.ts";
import { after } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { type ChangeReason, type Duty, SESSION_LIMITS } from "#lib/policy/session.ts";
import { revokeSession } from "./revoke-sessions.ts";

export type NewSession = {
  memberId: string;
  method: "password" | "sso";
  duties: Duty[];
  changeReason?: ChangeReason;
};

/** `device` is what a browser keeps to be known again; only a full session makes it so. */
export type StartedSession = {
  sessionId: string;
  kind: "pending" | "full";
  token: string;
  expiresAt: Date;
  device?: string;
};

/**
 * The one place where a session begins, whatever proved the identity: full, or pending while duties are open.
 * The token goes into the browser's cookie and nowhere else. The id is new each time (SEC44).
 */
export async function startSession(
  db: TenantDb,
  ctx: RunContext,
  { memberId, method, duties, changeReason }: NewSession,
): Promise<StartedSession> {
  const token = randomToken();
  const kind = duties.length > 0 ? "pending" : "full";
  await endEarlierSession(db, ctx);
  const { idleMinutes, absolute } = SESSION_LIMITS[kind];
  const { host, source, userAgent } = ctx.origin;
  const expiresAt = after(ctx.now, absolute);

  const [session] = await db
    .insert(sessions)
    .values({
      tokenHash: sha256(token),
      memberId,
      kind,
      duties,
      changeReason,
      method,
      host,
      source,
      userAgent,
      lastSeenAt: ctx.now,
      idleMinutes,
      expiresAt,
    })
    .returning({ id: sessions.id });
  if (!session) throw new Error("The database returned no session.");
  if (kind === "pending") return { sessionId: session.id, kind, token, expiresAt };
  await db.update(members).set({ lastSignInAt: ctx.now }).where(eq(members.id, memberId));
  const started: StartedSession = { sessionId: session.id, kind, token, expiresAt };
  return ctx.origin.program ? started : { ...started, device: await rememberDevice(db, ctx, memberId) };
}

/** What the browser had before is dead from here on, whoever it belonged to (SEC44). */
async function endEarlierSession(db: TenantDb, ctx: RunContext): Promise<void> {
  for (const earlier of [ctx.actor, ctx.pending]) {
    if (earlier) await revokeSession(db, ctx.now, earlier.sessionId, "replaced");
  }
}
