import { sql } from "drizzle-orm";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { EventRows } from "#lib/audit/record-event.ts";
import { giveBackAttempt, placeDetail, placesOf } from "#lib/auth/lock/attempts.ts";
import { signalsOf } from "#lib/auth/risk/read-signals.ts";
import { beginSession, type StartedSession } from "#lib/auth/session/start-session.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { command, type Ended, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf } from "#lib/core/rate-limit.ts";
import type { Member } from "#lib/members/find-member.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { isBreached } from "#lib/policy/breach-list/is-breached.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import { MAX_CODE_POINTS } from "#lib/policy/password.ts";
import { isAskedAnyway, type Signal } from "#lib/policy/risk.ts";
import type { ChangeReason, Duty } from "#lib/policy/session.ts";
import {
  type AccountFacts,
  decideSignIn,
  type RefusalReason,
  type SignInFacts,
} from "#lib/policy/sign-in.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { coversWhole } from "./foreign/bcrypt.ts";
import { hashPassword, needsRehash, verifyPassword } from "./hash-password.ts";
import { SignInInput } from "./input.ts";
import { judgeImported } from "./judge-imported.ts";
import type { StoredCredential } from "./password-credentials.ts";
import { type Begun, beginSignIn, type LockedFacts, lockSignIn } from "./sign-in-facts.ts";

/** Wrong tries of one account from one source, then one every half minute (SEC13). */
const PER_ACCOUNT_AND_SOURCE = { burst: 20, everySeconds: 30 };
/** Tries from one source, whatever the account; a success does not restore it (SEC14). */
const PER_SOURCE = { burst: 300, everySeconds: 1 };
/** Tries in one firm: a net under a distributed guessing run, far above a Monday morning. */
const PER_FIRM = { burst: 2000, everySeconds: 0.05 };

type Proof = Begun & {
  provenHash: string | undefined;
  freshHash: string | undefined;
  breached: boolean;
  allowance: string;
};

export type SignInOutcome =
  | {
      outcome: "signed_in";
      memberId: string;
      session: StartedSession;
      signals: Signal[];
      rulesAccepted: boolean;
    }
  | {
      outcome: "duty";
      memberId: string;
      session: StartedSession;
      signals: Signal[];
      changeReason: ChangeReason | undefined;
      proof: Proven;
      rulesAccepted: boolean;
    }
  | {
      outcome: "refused";
      memberId: string | undefined;
      reason: RefusalReason;
      place: string;
      device?: string;
    };

type Proven = SignInFacts["matched"];

/**
 * Signs in by username or e-mail and password, the own one or a temporary one. Every refusal is recorded with its reason
 * and looks the same from outside (SEC11). Throws rate_limited, or overloaded when too many hashes wait.
 */
export const signInWithPassword = command({
  event: "sign_in",
  permission: "anyone",
  input: SignInInput,
  prepare: prove,
  async run({ db, ctx, prepared, endWith }, { password }): Promise<SignInOutcome> {
    const facts = await lockSignIn(db, ctx, prepared, password);
    const { decision, matched: proof, ...judged } = await decideAgain(db, ctx, prepared, facts, password);
    if (!decision.allow) {
      const { memberId, attempt } = prepared;
      return { outcome: "refused", memberId, reason: decision.reason, ...placeDetail(attempt) };
    }
    const { member } = facts;
    if (!member) throw new Error("A sign-in was allowed without a member.");

    const { signals, acceptedUnder } = judged;
    const { duties, proofs, changeReason } = decision;
    const begun = { memberId: member.id, method: "password", proofs, duties, changeReason, signals } as const;
    const { session, writes: start } = beginSession(ctx, begun, { ...facts, member });
    const kept = proof === "password" && { freshHash: prepared.freshHash, acceptedUnder };
    const writes = { memberId: member.id, ...kept, ...settledTries(prepared, duties), start };
    const started = { memberId: member.id, session, signals, rulesAccepted: acceptedUnder !== undefined };
    const outcome: SignInOutcome =
      session.kind === "pending"
        ? { outcome: "duty", ...started, changeReason, proof }
        : { outcome: "signed_in", ...started };
    return endWith([outcome], ([events]) => recordSignIn(db, writes, events));
  },
  audit(output) {
    const { memberId: targetId } = output;
    if (output.outcome === "refused") {
      const { reason, place, device } = output;
      const detail = { place, ...(device !== undefined && { device }) };
      return [{ event: "sign_in.refused", targetId, reason, detail }];
    }
    const { kind, sessionId } = output.session;
    // A temporary password that proved an identity is used up; the log says so.
    const why = output.outcome === "duty" && {
      duties: output.session.duties.join(" "),
      ...(output.changeReason && { changeReason: output.changeReason, proof: output.proof }),
    };
    // An imported password that passed when it was first typed (D6).
    const judged = output.rulesAccepted && { rulesAccepted: true };
    // What was unusual about it, whether or not anything came of it (F6).
    const unusual = output.signals.length > 0 && { signals: output.signals.join(" ") };
    const detail = { method: "password", kind, session: sessionId, ...why, ...judged, ...unusual };
    return [{ event: "session.started", targetId, detail }];
  },
});

/** In one statement, in the order in which another sign-in of the same account would wait for it. */
async function recordSignIn(db: TenantDb, writes: object, events: EventRows | undefined): Promise<Ended> {
  const [row] = await db.execute<{ recorded: number }>(
    sql`select record_sign_in(${JSON.stringify(writes)}::jsonb, ${JSON.stringify(events)}::jsonb) as recorded`,
  );
  return { outcome: 0, recorded: row?.recorded ?? 0 };
}

/**
 * A right password clears the count of wrong ones only where nothing more is to be proven: or whoever knows it could try
 * second factors for ever, a few after each sign-in (SEC17). Until then this try alone is taken back.
 */
function settledTries({ attempt, allowance }: Pick<Proof, "attempt" | "allowance">, duties: readonly Duty[]) {
  const everywhere = EVERYWHERE;
  if (!duties.includes("second_factor")) return { allowance, everywhere };
  return { givenBack: attempt.allowed ? placesOf(attempt) : [], everywhere };
}

/** Takes a try, looks the account up and hashes: one round of each for every name, known or not. */
async function prove(
  ctx: Context,
  { identifier, password }: { identifier: string; password: string },
): Promise<Proof> {
  const source = sourceOf(ctx.origin);
  // By what was typed, for everybody: an allowance shared by a person's two names would tell that they are one (SEC11).
  const name = sha256(identifierKey(identifier) ?? identifier).toString("base64url");
  const allowance = `sign-in:${name}:${source}`;
  const limits = [
    { key: `sign-in:source:${source}`, ...PER_SOURCE },
    { key: allowance, ...PER_ACCOUNT_AND_SOURCE },
    { key: "sign-in:firm", ...PER_FIRM },
  ];
  const begun = await withTenant(ctx.tenant.id, (db) => beginSignIn(db, ctx, identifier, limits));
  if (!begun.allowed) throw rateLimited("too_many_sign_ins", PER_ACCOUNT_AND_SOURCE.everySeconds);

  try {
    return { ...begun, ...(await judge(ctx.tenant.id, begun.hash, password)), allowance };
  } catch (error) {
    await withTenant(ctx.tenant.id, (db) => giveBackAttempt(db, begun.attempt));
    throw error;
  }
}

async function judge(firm: string, hash: string | undefined, password: string) {
  const tooLong = [...password].length > MAX_CODE_POINTS;
  const matches = !tooLong && (await verifyPassword(hash, password, firm));
  const provenHash = matches ? hash : undefined;
  const freshHash =
    provenHash && isOutdated(provenHash, password) ? await hashPassword(password, firm) : undefined;
  return { provenHash, freshHash, breached: matches && isBreached(password) };
}

/** Whether the password is to be hashed anew: what an old hash has not seen of it, a new one must not vouch for. */
function isOutdated(hash: string, password: string): boolean {
  return needsRehash(hash) && coversWhole(hash, password);
}

/** Decides on what is true now, by rules that need no database. */
async function decideAgain(
  db: TenantDb,
  ctx: RunContext,
  proof: Proof,
  facts: LockedFacts,
  password: string,
) {
  const { member, credential, policy, secondFactor } = facts;
  const { options } = policy;
  const matched = whatMatched(proof, facts);
  const known = { knownDevice: proof.attempt.known, lateFailures: proof.lateFailures, options };
  // For nobody too: a refusal does the same work whatever its reason (SEC11).
  const signals = signalsOf(ctx, member ?? { lastSignInAt: null }, { ...known, elsewhere: facts.elsewhere });
  const remembered = facts.isTrusted && !isAskedAnyway(signals, options);
  const isProven = member && matched === "password";
  const judged = isProven ? await judgeImported(db, ctx.tenant, member, credential, password) : {};
  const { belowRules, acceptedUnder = credential?.acceptedUnder } = judged;
  const accepted = credential && { ...credential, acceptedUnder };
  const account = member && { ...accountOf(member, accepted, policy), secondFactor };
  const decision = decideSignIn({
    ...policy,
    ...{ account, matched, remembered, belowRules },
    locked: !proof.attempt.allowed,
    breached: proof.breached,
    now: ctx.now,
  });
  return { decision, matched, acceptedUnder: judged.acceptedUnder, signals };
}

function whatMatched({ provenHash }: Proof, { credential, temporary }: LockedFacts): SignInFacts["matched"] {
  if (provenHash !== undefined && provenHash === credential?.hash) return "password";
  return temporary ?? "none";
}

function accountOf(
  member: Member,
  credential: StoredCredential | undefined,
  policy: SecurityPolicy,
): Omit<AccountFacts, "secondFactor"> {
  return {
    status: member.status,
    frozen: member.frozenAt !== null,
    federated: member.connectionId !== null,
    ssoRequiredFrom: ssoRequiredFromOf(member, policy),
    mustChangePassword: member.mustChangePassword,
    credential,
  };
}
