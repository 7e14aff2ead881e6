import { and, eq, isNull } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { trustDevice } from "#lib/auth/device/known-devices.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { carryProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { isStrong, type Proof } from "#lib/policy/second-factor.ts";
import type { ChangeReason, Duty } from "#lib/policy/session.ts";
import { advance, type Stage } from "#lib/policy/sign-in-machine.ts";
import { isSsoRequired } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { type StartedSession, startSession } from "./start-session.ts";

type Row = typeof sessions.$inferSelect;

/** A pending session that was ended to do one of its duties, with the account locked. */
export type TakenSession = {
  member: Member;
  row: Row;
  duty: Duty;
  /** Its owner wants no second factor asked for in this browser. It is kept until the session is full. */
  rememberDevice?: boolean;
};

/**
 * Holds the caller's pending session, with the account locked, while a try at the duty that comes first in it is judged:
 * a try that fails leaves it as it is.
 * @throws DomainError unauthenticated where the session has ended, or owes something else first
 */
export async function holdDuty(db: TenantDb, ctx: RunContext, duty: Duty): Promise<Member> {
  const { memberId, sessionId } = pendingOf(ctx);
  const member = await lockMember(db, memberId);
  const [row] = await db.select().from(sessions).where(isOpen(sessionId)).for("update");
  return requireOwed(member, row, duty).member;
}

/**
 * Ends the caller's pending session for the duty that comes first in it: of two requests one goes on, and no step is
 * skipped (SEC32). What is thrown afterwards brings it back.
 * @throws DomainError unauthenticated where the session has ended, or owes something else first
 */
export async function takeDuty(db: TenantDb, ctx: RunContext, duty: Duty): Promise<TakenSession> {
  const { memberId, sessionId } = pendingOf(ctx);
  const member = await lockMember(db, memberId);
  const [row] = await db
    .update(sessions)
    .set({ revokedAt: ctx.now, revokedReason: "duty_done" })
    .where(isOpen(sessionId))
    .returning();
  return { ...requireOwed(member, row, duty), duty };
}

function isOpen(sessionId: string) {
  return and(eq(sessions.id, sessionId), eq(sessions.kind, "pending"), isNull(sessions.revokedAt));
}

function requireOwed(member: Member | undefined, row: Row | undefined, duty: Duty) {
  if (!member || !row) throw unauthenticated("pending_session_ended");
  if (row.duties[0] !== duty) throw unauthenticated("another_duty_first");
  return { member, row };
}

/** Goes on from a duty that is done: to what is still owed, or to the full session. What is owed is worked out anew. */
export async function goOn(
  db: TenantDb,
  ctx: RunContext,
  { member, row, duty, rememberDevice = row.rememberDevice }: TakenSession,
  by?: Proof,
): Promise<StartedSession> {
  const policy = await readSecurityOptions(db);
  const { options } = policy;
  // It was open when the request came, and SSO has become the only way since.
  if (isSsoRequired(ssoRequiredFromOf(member, policy), ctx.now))
    throw unauthenticated("pending_session_ended");
  const factors = await readFactorsOf(db, member.id);
  const stage = advance(stageOf(row), { step: "duty_done", duty, by }, { factors, options, now: ctx.now });
  if (stage === "refused" || stage.stage === "signed_out") throw unauthenticated("another_duty_first");
  const { memberId, method, signals } = row;
  const session = await startSession(db, ctx, {
    ...{ memberId, method, signals, rememberDevice },
    proofs: stage.proofs,
    duties: stage.stage === "pending" ? stage.duties : [],
    changeReason: stage.stage === "pending" ? stage.changeReason : undefined,
    factorAt: by && isStrong([by]) ? ctx.now : row.factorAt,
  });
  // What it came from at a provider ends the one that goes on from it (G9).
  await carryProviderSession(db, row.id, session.sessionId);
  if (rememberDevice && session.device && isStrong(stage.proofs)) {
    const until = after(ctx.now, options.rememberDeviceDays * DAY);
    const device = await trustDevice(db, { memberId, token: session.device }, until);
    return { ...session, device };
  }
  return session;
}

function stageOf({ duties, proofs, changeReason }: Row): Stage {
  return {
    stage: "pending",
    duties: duties as Duty[],
    proofs: proofs as Proof[],
    ...(changeReason && { changeReason: changeReason as ChangeReason }),
  };
}

export function pendingOf(ctx: Pick<RunContext, "pending">) {
  if (!ctx.pending) throw unauthenticated("no_pending_session");
  return ctx.pending;
}
