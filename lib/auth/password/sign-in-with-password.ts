import { type TenantDb, withTenant } from "#db/tenant.ts";
import { isTrustedDevice } from "#lib/auth/device/known-devices.ts";
import {
  type Attempt,
  clearAttempts,
  giveBackAttempt,
  placeDetail,
  placeOf,
  takeAttempt,
} from "#lib/auth/lock/attempts.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { countLateFailures, readSignals } from "#lib/auth/risk/read-signals.ts";
import { type StartedSession, startSession } from "#lib/auth/session/start-session.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import {
  consumeTemporary,
  findTemporary,
  type TemporaryPassword,
} from "#lib/auth/tokens/temporary-password.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { restoreAllowance, sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findMember, lockMember, type Member } from "#lib/members/find-member.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { isBreached } from "#lib/policy/breach-list/is-breached.ts";
import { MAX_CODE_POINTS } from "#lib/policy/password.ts";
import { isAskedAnyway, type Signal } from "#lib/policy/risk.ts";
import type { ChangeReason, Duty } from "#lib/policy/session.ts";
import {
  type AccountFacts,
  decideSignIn,
  type RefusalReason,
  type SignInFacts,
} from "#lib/policy/sign-in.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { coversWhole } from "./foreign/bcrypt.ts";
import { hashPassword, needsRehash, verifyPassword } from "./hash-password.ts";
import { SignInInput } from "./input.ts";
import { judgeImported } from "./judge-imported.ts";
import {
  findCredential,
  findHash,
  refreshCredential,
  type StoredCredential,
} from "./password-credentials.ts";

/** Wrong tries of one account from one source, then one every half minute (SEC13). */
const PER_ACCOUNT_AND_SOURCE = { burst: 20, everySeconds: 30 };
/** Tries from one source, whatever the account; a success does not restore it (SEC14). */
const PER_SOURCE = { burst: 300, everySeconds: 1 };
/** Tries in one firm: a net under a distributed guessing run, far above a Monday morning. */
const PER_FIRM = { burst: 2000, everySeconds: 0.05 };

type Proof = {
  member: Member | undefined;
  attempt: Attempt;
  lateFailures: number;
  provenHash: string | undefined;
  freshHash: string | undefined;
  temporary: TemporaryPassword | undefined;
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
  async run({ db, ctx, prepared }, { password }): Promise<SignInOutcome> {
    const { member, attempt, freshHash, allowance } = prepared;
    const {
      decision,
      matched: proof,
      acceptedUnder,
      signals,
    } = await decideAgain(db, ctx, prepared, password);
    if (!decision.allow) {
      return { outcome: "refused", memberId: member?.id, reason: decision.reason, ...placeDetail(attempt) };
    }
    if (!member) throw new Error("A sign-in was allowed without a member.");

    if (proof === "password") await refreshCredential(db, member.id, { hash: freshHash, acceptedUnder });
    const { duties, proofs, changeReason } = decision;
    await settleTries(db, { attempt, allowance, memberId: member.id }, duties);
    const begun = { memberId: member.id, method: "password", proofs, duties, changeReason, signals } as const;
    const session = await startSession(db, ctx, begun);
    const started = { memberId: member.id, session, signals, rulesAccepted: acceptedUnder !== undefined };
    return session.kind === "pending"
      ? { outcome: "duty", ...started, changeReason, proof }
      : { outcome: "signed_in", ...started };
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

/**
 * A right password clears the count of wrong ones only where nothing more is to be proven: or whoever knows it could try
 * second factors for ever, a few after each sign-in (SEC17). Until then this try alone is taken back.
 */
async function settleTries(
  db: TenantDb,
  { attempt, allowance, memberId }: { attempt: Attempt; allowance: string; memberId: string },
  duties: readonly Duty[],
): Promise<void> {
  if (duties.includes("second_factor")) return giveBackAttempt(db, attempt);
  // In the order in which they were taken, or two sign-ins could wait for each other.
  await restoreAllowance(db, allowance);
  await clearAttempts(db, memberId);
}

/** Takes a try, looks the account up and hashes: one round of each for every name, known or not. */
async function prove(
  ctx: Context,
  { identifier, password }: { identifier: string; password: string },
): Promise<Proof> {
  const found = await withTenant(ctx.tenant.id, (db, now) => lookUp(db, now, ctx, { identifier, password }));
  if (!found.allowed) throw rateLimited("too_many_sign_ins", PER_ACCOUNT_AND_SOURCE.everySeconds);

  const tooLong = [...password].length > MAX_CODE_POINTS;
  try {
    const matches = !tooLong && (await verifyPassword(found.hash, password));
    const provenHash = matches ? found.hash : undefined;
    const freshHash =
      provenHash && isOutdated(provenHash, password) ? await hashPassword(password) : undefined;
    const breached = matches && isBreached(password);
    const { member, attempt, lateFailures, allowance, temporary } = found;
    return { member, attempt, lateFailures, provenHash, freshHash, temporary, breached, allowance };
  } catch (error) {
    await withTenant(ctx.tenant.id, (db) => giveBackAttempt(db, found.attempt));
    throw error;
  }
}

/** Whether the password is to be hashed anew: what an old hash has not seen of it, a new one must not vouch for. */
function isOutdated(hash: string, password: string): boolean {
  return needsRehash(hash) && coversWhole(hash, password);
}

type Typed = { identifier: string; password: string };

async function lookUp(db: TenantDb, now: Date, ctx: Context, { identifier, password }: Typed) {
  const source = sourceOf(ctx.origin);
  const member = await findMember(db, identifier);
  // By what was typed, for everybody: an allowance shared by a person's two names would tell that they are one (SEC11).
  const name = sha256(identifierKey(identifier) ?? identifier).toString("base64url");
  const allowance = `sign-in:${name}:${source}`;
  const id = member?.id ?? NOBODY;
  const place = await placeOf(db, ctx, id);
  // What strangers use up of the firm's allowance keeps nobody out of a browser of their own (C8).
  const firm = place.known ? [] : [{ key: "sign-in:firm", ...PER_FIRM }];
  const allowed = await takeAllowances(db, [
    { key: `sign-in:source:${source}`, ...PER_SOURCE },
    { key: allowance, ...PER_ACCOUNT_AND_SOURCE },
    ...firm,
  ]);
  const { options } = await readSecurityOptions(db);
  const lateFailures = await countLateFailures(db, now, id);
  // A request that is refused before its password is judged is no attempt. Nor is one at an account that no password opens: or
  // strangers could keep its owner from typing a second factor after single sign-on (SEC16).
  const counted = allowed && member?.connectionId === null ? id : NOBODY;
  const attempt = await takeAttempt(db, counted, place, options.lockAfter);
  const hash = await findHash(db, id);
  const temporary = await findTemporary(db, now, id, password);
  return { member, allowed, allowance, attempt, lateFailures, hash, temporary };
}

/** Asked for where there is no member, so that the number of statements is the same. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Decides on what is true now: between proof and decision a reset may have ended the password. */
async function decideAgain(db: TenantDb, ctx: RunContext, proof: Proof, password: string) {
  const id = proof.member?.id ?? NOBODY;
  const member = await lockMember(db, id);
  const credential = await findCredential(db, id);
  const policy = await readSecurityOptions(db);
  const locked = !proof.attempt.allowed;
  const matched = await whatMatched(db, ctx, proof, credential?.hash);
  const secondFactor = await readFactorsOf(db, id);
  const known = {
    knownDevice: proof.attempt.known,
    lateFailures: proof.lateFailures,
    options: policy.options,
  };
  // For nobody too: a refusal does the same work whatever its reason (SEC11).
  const signals = await readSignals(db, ctx, member ?? { id, lastSignInAt: null }, known);
  const trusted = await isRemembered(db, ctx, proof.attempt);
  const remembered = trusted && !isAskedAnyway(signals, policy.options);
  const isProven = member && matched === "password";
  const judged = isProven ? await judgeImported(db, ctx.tenant, member, credential, password) : {};
  const { belowRules, acceptedUnder = credential?.acceptedUnder } = judged;
  const facts = { ...policy, locked, breached: proof.breached, belowRules, now: ctx.now };
  const accepted = credential && { ...credential, acceptedUnder };
  const account = member && { ...accountOf(member, accepted, policy), secondFactor };
  const decision = decideSignIn({ ...facts, account, matched, remembered });
  return { decision, matched, acceptedUnder: judged.acceptedUnder, signals };
}

/** A temporary password is used up by being judged right, whatever else stands in the way. */
async function whatMatched(
  db: TenantDb,
  ctx: RunContext,
  { provenHash, temporary }: Proof,
  hash: string | undefined,
): Promise<SignInFacts["matched"]> {
  const consumed = await consumeTemporary(db, ctx.now, temporary?.live ? temporary.id : NOBODY);
  if (provenHash !== undefined && provenHash === hash) return "password";
  if (!temporary) return "none";
  return consumed ? "temporary" : "temporary_over";
}

/** Whether the browser is one in which a second factor was proven lately. A program is no browser. */
function isRemembered(db: TenantDb, ctx: RunContext, { name, known }: Attempt): Promise<boolean> {
  const deviceId = known && !ctx.origin.program ? name.slice(name.indexOf(":") + 1) : undefined;
  return isTrustedDevice(db, ctx.now, deviceId);
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
