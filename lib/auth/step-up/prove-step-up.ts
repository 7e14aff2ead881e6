import { type TenantDb, withTenant } from "#db/tenant.ts";
import { giveBackAttempt, placeDetail, placeOf, takeAttempt } from "#lib/auth/lock/attempts.ts";
import { judgeFactorCode } from "#lib/auth/mfa/judge-factor-code.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { judgePasskey } from "#lib/auth/passkey/judge-passkey.ts";
import { findHash } from "#lib/auth/password/password-credentials.ts";
import { type PasswordRefusal, proveOwnPassword } from "#lib/auth/password/prove-own-password.ts";
import { noteProof } from "#lib/auth/session/note-proof.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Actor, Context } from "#lib/core/context.ts";
import { rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "#lib/members/find-member.ts";
import type { Proof } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { StepUpInput } from "./input.ts";

/** Proofs that one member may try, right or wrong: twenty at once, then one every ten seconds. */
const PER_MEMBER = { burst: 20, everySeconds: 10 };

type Refusal = {
  outcome: "refused";
  memberId: string;
  /** `weaker` is a password where a second factor is there to be proven: nothing less takes its place (F5). */
  reason: "wrong_password" | "wrong_factor" | "locked" | "weaker";
  place?: string;
  device?: string;
};

export type StepUpOutcome = { outcome: "proven"; memberId: string; by: Proof; token: string } | Refusal;

type Prepared = { state: "password_proven" } | PasswordRefusal | { state: "judge_in_transaction" };

/**
 * Shows once more that it is the owner who is signed in here, before something sensitive (F5): by a second factor where
 * there is one, else by the password. A wrong one counts as a wrong sign-in does. The session goes on under a new token
 * (SEC44).
 * @throws DomainError unauthenticated, invalid, rate_limited, overloaded
 */
export const proveStepUp = command({
  event: "step_up",
  permission: "person",
  input: StepUpInput,
  prepare,
  async run({ db, ctx, prepared }, input): Promise<StepUpOutcome> {
    const { memberId } = actorOf(ctx);
    const { enrolled } = await readFactorsOf(db, memberId);
    if (prepared.state === "refused") return { outcome: "refused", memberId, ...prepared };
    if (prepared.state === "password_proven") {
      if (enrolled.length > 0) return { outcome: "refused", memberId, reason: "weaker" };
      return proven(db, ctx, "password");
    }
    return judge(db, ctx, input);
  },
  audit(output) {
    const { memberId: targetId } = output;
    if (output.outcome === "proven")
      return [{ event: "step_up.proven", targetId, detail: { by: output.by } }];
    const { reason, place, device } = output;
    const detail = { ...(place && { place }), ...(device && { device }) };
    return [{ event: "step_up.refused", targetId, reason, detail }];
  },
});

async function prepare(ctx: Context, { password }: StepUpInput): Promise<Prepared> {
  const { memberId } = actorOf(ctx);
  const known = await withTenant(ctx.tenant.id, async (db) => {
    const allowed = await takeAllowances(db, [{ key: `step-up:${memberId}`, ...PER_MEMBER }]);
    if (!allowed) throw rateLimited("too_many_step_ups", PER_MEMBER.everySeconds);
    const { options } = await readSecurityOptions(db);
    return { memberId, currentHash: await findHash(db, memberId), lockAfter: options.lockAfter };
  });
  if (password === undefined) return { state: "judge_in_transaction" };
  const proof = await proveOwnPassword(ctx, known, password);
  return proof.state === "proven" ? { state: "password_proven" } : proof;
}

/** A try is taken before it is judged, as at a sign-in, and given back where it was right. */
async function judge(db: TenantDb, ctx: RunContext, input: StepUpInput): Promise<StepUpOutcome> {
  const { memberId } = actorOf(ctx);
  await lockMember(db, memberId);
  const { options } = await readSecurityOptions(db);
  const attempt = await takeAttempt(db, memberId, await placeOf(db, ctx, memberId), options.lockAfter);
  const refused = { outcome: "refused", memberId, ...placeDetail(attempt) } as const;
  if (!attempt.allowed) return { ...refused, reason: "locked" };
  const proof = await proofOf(db, ctx, memberId, input);
  if (!proof) return { ...refused, reason: "wrong_factor" };
  await giveBackAttempt(db, attempt);
  return proven(db, ctx, proof);
}

async function proofOf(
  db: TenantDb,
  ctx: RunContext,
  memberId: string,
  { code, passkey: answer }: StepUpInput,
): Promise<Proof | undefined> {
  if (!answer) return (await judgeFactorCode(db, ctx, memberId, code ?? "")).proof;
  const verdict = await judgePasskey(db, ctx, memberId, { purpose: "step_up", answer });
  return verdict.proven ? "passkey" : undefined;
}

async function proven(db: TenantDb, ctx: RunContext, by: Proof): Promise<StepUpOutcome> {
  const token = await noteProof(db, ctx, by);
  return { outcome: "proven", memberId: actorOf(ctx).memberId, by, token };
}

function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw unauthenticated("not_signed_in");
  return ctx.actor;
}
