import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { rememberDevice } from "#lib/auth/device/known-devices.ts";
import { tellOfNewBrowser } from "#lib/auth/device/tell-of-new-browser.ts";
import { settleFactorProof } from "#lib/auth/lost-device/settle-factor-proof.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { after } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { isStrong, type Proof } from "#lib/policy/second-factor.ts";
import { type ChangeReason, type Duty, sessionLimits } from "#lib/policy/session.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { endSurplusSessions, revokeSession } from "./revoke-sessions.ts";

export type SignInMethod = (typeof sessions.$inferSelect)["method"];

export type NewSession = {
  memberId: string;
  method: SignInMethod;
  /** All that has been proven so far, the first proof in front. */
  proofs: readonly Proof[];
  duties: readonly Duty[];
  changeReason?: ChangeReason;
  /** When a second factor was proven, where that was before now. */
  factorAt?: Date | null;
  /** What was unusual about it (F6). */
  signals?: readonly string[];
  /** Its owner wants no second factor asked for in this browser, once it is full. */
  rememberDevice?: boolean;
};

/** `device` is what a browser keeps to be known again; only a full session makes it so. */
export type StartedSession = {
  sessionId: string;
  kind: "pending" | "full";
  duties: readonly Duty[];
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
  begun: NewSession,
): Promise<StartedSession> {
  const { memberId, duties } = begun;
  const proven = provenBy(begun, ctx.now);
  if (proven.factorAt?.getTime() === ctx.now.getTime()) await settleFactorProof(db, ctx, memberId);
  await endEarlierSession(db, ctx);
  const kind = duties.length > 0 ? "pending" : "full";
  const token = randomToken();
  const member = await memberOf(db, memberId);
  const { idleMinutes, expiresAt } = await limitsOf(db, ctx.now, kind, member);

  const [session] = await db
    .insert(sessions)
    .values({
      ...proven,
      tokenHash: sha256(token),
      kind,
      host: ctx.origin.host,
      source: ctx.origin.source,
      userAgent: ctx.origin.userAgent,
      lastSeenAt: ctx.now,
      idleMinutes,
      expiresAt,
    })
    .returning({ id: sessions.id });
  if (!session) throw new Error("The database returned no session.");
  const started: StartedSession = { sessionId: session.id, kind, duties, token, expiresAt };
  if (kind === "pending") return started;
  await endSurplusSessions(db, ctx.now, memberId);
  await db.update(members).set({ lastSignInAt: ctx.now }).where(eq(members.id, memberId));
  return ctx.origin.program ? started : { ...started, device: await knownFrom(db, ctx, member, session.id) };
}

function provenBy(
  { memberId, method, proofs, duties, changeReason, factorAt, signals, rememberDevice }: NewSession,
  now: Date,
) {
  return {
    memberId,
    method,
    proofs: [...proofs],
    duties: [...duties],
    changeReason,
    provenAt: now,
    factorAt: factorAt ?? (isStrong(proofs) ? now : null),
    signals: [...(signals ?? [])],
    rememberDevice,
  };
}

async function memberOf(db: TenantDb, memberId: string): Promise<Member> {
  const member = await findMemberById(db, memberId);
  if (!member) throw new Error("A session was begun for nobody.");
  return member;
}

/** A session that SSO alone will not have begun ends where that does: no request has to ask for it (G5). */
async function limitsOf(db: TenantDb, now: Date, kind: "pending" | "full", member: Member) {
  const policy = await readSecurityOptions(db);
  const { idleMinutes, absolute } = sessionLimits(kind, policy.options, member.idleMinutes);
  const end = after(now, absolute);
  const from = ssoRequiredFromOf(member, policy);
  return { idleMinutes, expiresAt: from && from > now && from < end ? from : end };
}

/** The browser is known from here on (X3), and the session says which one it is. A new one is told of (UX49). */
async function knownFrom(db: TenantDb, ctx: RunContext, member: Member, sessionId: string): Promise<string> {
  const { token, deviceId, isNew } = await rememberDevice(db, ctx, member.id);
  await db.update(sessions).set({ deviceId }).where(eq(sessions.id, sessionId));
  // Whoever signs in for the first time knows of it.
  if (isNew && member.lastSignInAt) await tellOfNewBrowser(db, ctx, member);
  return token;
}

/** What the browser had before is dead from here on, whoever it belonged to (SEC44). */
async function endEarlierSession(db: TenantDb, ctx: RunContext): Promise<void> {
  for (const earlier of [ctx.actor, ctx.pending]) {
    if (earlier) await revokeSession(db, ctx.now, earlier.sessionId, "replaced");
  }
}
