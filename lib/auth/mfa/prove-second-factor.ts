import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { type Attempt, type Place, placeDetail, placeOf, takeAttempt } from "#lib/auth/lock/attempts.ts";
import { holdDuty, pendingOf } from "#lib/auth/session/pending-session.ts";
import { revokeSession } from "#lib/auth/session/revoke-sessions.ts";
import type { SignInMethod, StartedSession } from "#lib/auth/session/start-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { restoreAllowance, takeAllowances } from "#lib/core/rate-limit.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { ProveFactorInput } from "./input.ts";
import { type JudgedCode, judgeFactorCode } from "./judge-factor-code.ts";
import { passFactorDuty } from "./pass-factor-duty.ts";

/**
 * Wrong codes of one account, whatever else happens to it: a reset clears the count that locks, and makes its browser a known
 * one, and whoever reads the mailbox could go on for ever. Thirty at once, then six an hour, from known browsers and from
 * unknown places apart: a stranger who knows the password must not keep its owner out of a browser of their own (C8).
 */
const PER_MEMBER = { burst: 30, everySeconds: 600 };

export type FactorOutcome =
  | {
      outcome: "proven";
      memberId: string;
      proof: NonNullable<JudgedCode["proof"]>;
      session: StartedSession;
      method: SignInMethod;
    }
  | {
      outcome: "refused";
      memberId: string;
      reason: "wrong_code" | "used_code" | "locked";
      place: string;
      /** Which of the owner's browsers it is, where it is one. */
      device?: string;
    };

/**
 * The duty of a pending session: a code of the member's authenticator app, or a recovery code. A wrong one counts as a
 * wrong password does, and too many end the session (SEC17, SEC18).
 * @throws DomainError unauthenticated, invalid, rate_limited
 */
export const proveSecondFactor = command({
  event: "second_factor",
  permission: "pending",
  input: ProveFactorInput,
  async run({ db, ctx }, { code, remember }): Promise<FactorOutcome> {
    const { id: memberId } = await holdDuty(db, ctx, "second_factor");
    const { options } = await readSecurityOptions(db);
    const attempt = await takeTry(db, ctx, memberId, options.lockAfter);
    if (!attempt.allowed) return lockedOut(db, ctx, attempt);
    const judged = await judgeFactorCode(db, ctx, memberId, code);
    if (!judged.proof) return refusal(attempt, judged.reason);

    await restoreAllowance(db, allowanceOf(memberId, attempt));
    const { proof } = judged;
    const passed = await passFactorDuty(db, ctx, { proof, remember });
    return { outcome: "proven", memberId, proof, ...passed };
  },
  audit(output): AuditEvent[] {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason, place, device } = output;
      const detail = { place, ...(device !== undefined && { device }) };
      return [{ event: "second_factor.refused", targetId, reason, detail }];
    }
    const { proof, method, session } = output;
    const detail = { method, kind: session.kind, session: session.sessionId };
    return [
      { event: "second_factor", targetId, detail: { proof } },
      { event: "session.started", targetId, detail },
    ];
  },
});

/** In the transaction that judges: what undoes the one undoes the other. */
async function takeTry(db: TenantDb, ctx: RunContext, memberId: string, lockAfter: number): Promise<Attempt> {
  const place = await placeOf(db, ctx, memberId);
  if (!(await takeAllowances(db, [{ key: allowanceOf(memberId, place), ...PER_MEMBER }])))
    throw rateLimited("too_many_codes", PER_MEMBER.everySeconds);
  return takeAttempt(db, memberId, place, lockAfter);
}

function allowanceOf(memberId: string, { known }: Pick<Place, "known">): string {
  return known ? `second-factor:known:${memberId}` : `second-factor:${memberId}`;
}

async function lockedOut(db: TenantDb, ctx: RunContext, attempt: Attempt): Promise<FactorOutcome> {
  await revokeSession(db, ctx.now, pendingOf(ctx).sessionId, "locked");
  return refusal(attempt, "locked");
}

function refusal(
  attempt: Attempt,
  reason: Extract<FactorOutcome, { outcome: "refused" }>["reason"],
): FactorOutcome {
  return { outcome: "refused", memberId: attempt.memberId, reason, ...placeDetail(attempt) };
}
