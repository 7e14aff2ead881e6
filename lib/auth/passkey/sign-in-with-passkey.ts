import * as z from "zod";
import type { TenantDb } from "#db/tenant.ts";
import { clearAttempts, placeOf } from "#lib/auth/lock/attempts.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { findCredential } from "#lib/auth/password/password-credentials.ts";
import { countLateFailures, readSignals } from "#lib/auth/risk/read-signals.ts";
import { type StartedSession, startSession } from "#lib/auth/session/start-session.ts";
import { findBreakGlass } from "#lib/auth/sso/break-glass/find-break-glass.ts";
import { noteBreakGlassUse } from "#lib/auth/sso/break-glass/note-break-glass-use.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { opensBreakGlass } from "#lib/policy/break-glass.ts";
import type { Signal } from "#lib/policy/risk.ts";
import type { ChangeReason } from "#lib/policy/session.ts";
import { decidePasskeySignIn, type RefusalReason, type SignInDecision } from "#lib/policy/sign-in.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { PasskeyAssertion } from "./input.ts";
import { judgeSignIn, type PasskeyRefusal, type PasskeyVerdict } from "./judge-passkey.ts";
import { signInOptions } from "./passkey-options.ts";

/** Answers from one source, right or wrong (SEC14). A signature cannot be guessed: this spares the work. */
const PER_SOURCE = { burst: 300, everySeconds: 1 };

/** What the browser keeps while it is asked: 256 bits of ours, so that an answer is good in it alone. */
const Browser = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const PasskeySignInInput = z.object({ passkey: PasskeyAssertion, browser: Browser.catch("") });

export type PasskeySignIn =
  | {
      outcome: "signed_in" | "duty";
      memberId: string;
      passkeyId: string;
      session: StartedSession;
      signals: Signal[];
      changeReason: ChangeReason | undefined;
      byBreakGlass: boolean;
    }
  | { outcome: "refused"; memberId: string | undefined; reason: PasskeyRefusal | RefusalReason };

/** What a browser needs to ask whoever sits there for a passkey of this firm. Writes nothing. */
export const askForSignIn = query({
  event: "passkey.asked_for_sign_in",
  permission: "anyone",
  run: ({ ctx }, browser: string) => signInOptions(ctx, browser),
});

/**
 * Signs in by a passkey alone, without a name: it proves who it is, and two factors at once. A refusal is recorded with its
 * reason, and the same for all from outside (SEC11).
 * @throws DomainError invalid, rate_limited
 */
export const signInWithPasskey = command({
  event: "sign_in",
  permission: "anyone",
  input: PasskeySignInInput,
  async run({ db, ctx }, { passkey: answer, browser }): Promise<PasskeySignIn> {
    const allowance = { key: `sign-in:passkey:${sourceOf(ctx.origin)}`, ...PER_SOURCE };
    if (!(await takeAllowances(db, [allowance])))
      throw rateLimited("too_many_sign_ins", PER_SOURCE.everySeconds);
    const verdict = await judgeSignIn(db, ctx, browser, answer);
    if (!verdict.proven) return { outcome: "refused", memberId: verdict.memberId, reason: verdict.reason };
    const { memberId, passkeyId } = verdict;
    const decision = await decide(db, ctx, verdict);
    if (!decision.allow) return { outcome: "refused", memberId, reason: decision.reason };

    const { duties, proofs, changeReason, signals } = decision;
    await clearAttempts(db, memberId);
    const begun = { memberId, method: "passkey", proofs, duties, changeReason, signals } as const;
    const session = await startSession(db, ctx, begun);
    const byBreakGlass = decision.byBreakGlass ?? false;
    if (byBreakGlass) await noteBreakGlassUse(db, ctx, memberId);
    const outcome = session.kind === "pending" ? "duty" : "signed_in";
    return { outcome, memberId, passkeyId, session, signals, changeReason, byBreakGlass };
  },
  audit(output) {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason } = output;
      return [{ event: "sign_in.refused", targetId, reason, detail: { method: "passkey" } }];
    }
    const { kind, sessionId: session, duties } = output.session;
    const why = output.changeReason && { duties: duties.join(" "), changeReason: output.changeReason };
    const unusual = output.signals.length > 0 && { signals: output.signals.join(" ") };
    const detail = { method: "passkey", kind, session, passkey: output.passkeyId, ...why, ...unusual };
    const reason = output.byBreakGlass ? "break_glass" : undefined;
    return [{ event: "session.started", targetId, reason, detail }];
  },
});

/** On what is true now: the member's row is locked. What is unusual is noted (F6), and nothing more could be asked for. */
async function decide(
  db: TenantDb,
  ctx: RunContext,
  { memberId, passkeyId, synced }: Extract<PasskeyVerdict, { proven: true }>,
): Promise<Decision> {
  const member = await findMemberById(db, memberId);
  const policy = await readSecurityOptions(db);
  const { options } = policy;
  const breakGlass = await findBreakGlass(db, ctx.now, memberId);
  const opens = opensBreakGlass(breakGlass, { id: passkeyId, synced }, ctx.now);
  const account = member && {
    status: member.status,
    frozen: member.frozenAt !== null,
    federated: member.connectionId !== null,
    ssoRequiredFrom: ssoRequiredFromOf(member, policy),
    mustChangePassword: member.mustChangePassword,
    credential: await findCredential(db, memberId),
    secondFactor: await readFactorsOf(db, memberId),
  };
  const decision = decidePasskeySignIn({ account, options, now: ctx.now, opensBreakGlass: opens });
  if (!decision.allow) return decision;
  if (!member) throw new Error("A sign-in was allowed without a member.");
  const { known: knownDevice } = await placeOf(db, ctx, memberId);
  const lateFailures = await countLateFailures(db, ctx.now, memberId);
  return { ...decision, signals: await readSignals(db, ctx, member, { knownDevice, lateFailures, options }) };
}

type Decision =
  | (Extract<SignInDecision, { allow: true }> & { signals: Signal[] })
  | Extract<SignInDecision, { allow: false }>;
