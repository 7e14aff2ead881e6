import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { toJsonRow } from "#db/json-row.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isKnownHere, MOST_DEVICES, tokenToKeep } from "#lib/auth/device/known-devices.ts";
import { noticeOfNewBrowser } from "#lib/auth/device/notice-of-new-browser.ts";
import { settleFactorProof } from "#lib/auth/lost-device/settle-factor-proof.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { after } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { mailRow } from "#lib/outbox/enqueue-email.ts";
import { isStrong, type Proof } from "#lib/policy/second-factor.ts";
import { type ChangeReason, type Duty, sessionLimits } from "#lib/policy/session.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { MOST_SESSIONS } from "./revoke-sessions.ts";

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

/** What the beginning of a session goes by. `isKnownHere`: somebody of the firm is known in this browser. */
export type SessionFacts = { member: Member; policy: SecurityPolicy; isKnownHere: boolean };

/**
 * The one place where a session begins, whatever proved the identity: full, or pending while duties are open.
 * The token goes into the browser's cookie and nowhere else. The id is new each time (SEC44).
 */
export async function startSession(
  db: TenantDb,
  ctx: RunContext,
  begun: NewSession,
): Promise<StartedSession> {
  const { memberId } = begun;
  const { factorAt } = provenBy(begun, ctx.now);
  if (factorAt?.getTime() === ctx.now.getTime()) await settleFactorProof(db, ctx, memberId);
  const { session, writes } = beginSession(ctx, begun, {
    member: await memberOf(db, memberId),
    policy: await readSecurityOptions(db),
    isKnownHere: await isKnownHere(db, ctx),
  });
  await db.execute(sql`select start_session(${JSON.stringify(writes)}::jsonb)`);
  return session;
}

/**
 * The same without the database: the session, and what `start_session` writes for it. For a way in that writes more in the
 * same statement, and proves no second factor.
 */
export function beginSession(ctx: RunContext, begun: NewSession, facts: SessionFacts) {
  const { duties } = begun;
  const kind = duties.length > 0 ? ("pending" as const) : ("full" as const);
  const { idleMinutes, expiresAt } = limitsOf(ctx.now, kind, facts);
  const { token, sessionId } = { token: randomToken(), sessionId: randomUUID() };
  const device = kind === "pending" || ctx.origin.program ? undefined : tokenToKeep(ctx, facts.isKnownHere);
  const { host, source, userAgent } = ctx.origin;
  const row = toJsonRow(sessions, {
    ...{ id: sessionId, tokenHash: sha256(token), kind, host, source, userAgent, idleMinutes, expiresAt },
    ...provenBy(begun, ctx.now),
    lastSeenAt: ctx.now,
  });
  const writes = {
    session: row,
    earlier: earlierSessions(ctx),
    mostSessions: MOST_SESSIONS,
    ...(device && { device: toBeKnown(device), ...noticeFor(ctx, facts.member) }),
  };
  const session: StartedSession = { sessionId, kind, duties, token, expiresAt, ...(device && { device }) };
  return { session, writes };
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
    rememberDevice: rememberDevice ?? false,
  };
}

async function memberOf(db: TenantDb, memberId: string): Promise<Member> {
  const member = await findMemberById(db, memberId);
  if (!member) throw new Error("A session was begun for nobody.");
  return member;
}

/** A session that SSO alone will not have begun ends where that does: no request has to ask for it (G5). */
function limitsOf(now: Date, kind: "pending" | "full", { member, policy }: SessionFacts) {
  const { idleMinutes, absolute } = sessionLimits(kind, policy.options, member.idleMinutes);
  const end = after(now, absolute);
  const from = ssoRequiredFromOf(member, policy);
  return { idleMinutes, expiresAt: from && from > now && from < end ? from : end };
}

/** The browser is known from here on (X3), and the session says which one it is. */
function toBeKnown(token: string) {
  return { tokenHash: `\\x${sha256(token).toString("hex")}`, most: MOST_DEVICES };
}

/** A new one is told of (UX49). Whoever signs in for the first time knows of it. */
function noticeFor(ctx: RunContext, member: Member) {
  return member.lastSignInAt ? { mail: mailRow(noticeOfNewBrowser(ctx, member)) } : {};
}

/** What the browser had before is dead from here on, whoever it belonged to (SEC44). */
function earlierSessions({ actor, pending }: RunContext): string[] {
  return [actor, pending].flatMap((earlier) => (earlier ? [earlier.sessionId] : []));
}
