import { expiresAt } from "./expiry.ts";
import { isLockedOut, type PlaceFailures } from "./lock.ts";
import { secondFactorOwed } from "./second-factor.ts";
import type { SecurityOptions } from "./security-options.ts";
import type { ChangeReason } from "./session.ts";
import {
  type AccountFacts,
  changeReasonOf,
  decideSignIn,
  type PolicyFacts,
  type SignInDecision,
} from "./sign-in.ts";

/** A member as the next sign-in will find them. `remembered`: in some browser no second factor is asked for. */
export type Person = { account: AccountFacts; failures: readonly PlaceFailures[]; remembered: boolean };

/** What stands between a right password and the portal: something to do, or a lock that only a reset opens. */
export type Burden = "second_factor" | "enroll_second_factor" | ChangeReason | "locked";

/** What a change of policy does to one person. `exempt` is somebody whom no password lets in, before and after. */
export type Effect = { newly: readonly Burden[] } | "relieved" | "none" | "exempt";

/** When a change of policy is judged: now, and what it wants of second factors on the first day on which it does. */
export type Moments = { now: Date; enrolment: Date };

/**
 * What somebody has to do at the next sign-in because of a change of policy, and would not have had to without it; or
 * that they no longer have to do anything. Asks the function that decides at the sign-in itself, so that the prediction
 * is the decision (C1). Whether a password is on a list of leaked ones nobody can read: that is left out.
 */
export function effectOn(person: Person, before: PolicyFacts, after: PolicyFacts, moments: Moments): Effect {
  return effectBetween({ person, policy: before }, { person, policy: after }, moments);
}

export type Situation = { person: Person; policy: PolicyFacts };

/** The same where it is the person's facts that change, such as what their security group asks for. */
export function effectBetween(before: Situation, after: Situation, moments: Moments): Effect {
  const was = burdensOf(before.person, before.policy, moments);
  const will = burdensOf(after.person, after.policy, moments);
  if (!was || !will) return "exempt";
  const newly = newlyOwed(was, will);
  if (newly.length > 0) return { newly };
  return was.length > 0 && will.length === 0 ? "relieved" : "none";
}

/** When a change to these options is judged: a second factor on its first day, where that lies ahead (F4). */
export function momentsOf({ secondFactor, secondFactorFrom }: SecurityOptions, now: Date): Moments {
  const from = secondFactor === "required" && secondFactorFrom !== "" ? new Date(secondFactorFrom) : now;
  return { now, enrolment: from > now ? from : now };
}

/**
 * Since when expiry counts once these options are saved: since now where it is switched on, as before while it stays on,
 * whatever the period. Passwords without a date are counted from there (C5).
 */
export function expirySinceAfter(current: PolicyFacts, next: SecurityOptions, now: Date): Date | null {
  if (next.expiryDays === 0) return null;
  return current.options.expiryDays === 0 ? now : (current.expirySince ?? now);
}

/**
 * When the password that somebody has becomes too old, where that lies ahead. Undefined for one that has to be changed
 * before that for another reason, and where there is none.
 */
export function passwordEndsAt({ account }: Person, policy: PolicyFacts, now: Date): Date | undefined {
  const { credential } = account;
  if (!credential) return undefined;
  const facts = { ...policy, matched: "password" as const, breached: false, now };
  if (changeReasonOf(account, facts)) return undefined;
  return expiresAt(policy.options, { changedAt: credential.changedAt, expirySince: policy.expirySince });
}

/** A lock hides what else is owed: mail or an administrator opens it, not the person at the keyboard. */
function newlyOwed(was: readonly Burden[], will: readonly Burden[]): readonly Burden[] {
  if (was.includes("locked")) return [];
  const had = was.map(kindOf);
  return will.filter((burden) => !had.includes(kindOf(burden)));
}

/** Another reason to change the password is no other thing to do. */
function kindOf(burden: Burden): string {
  return burden === "locked" || burden.endsWith("second_factor") ? burden : "change_password";
}

/** Undefined for whom no password lets in. */
function burdensOf(person: Person, policy: PolicyFacts, { now, enrolment }: Moments): Burden[] | undefined {
  const matched = whatOpens(person, policy, now);
  if (!matched) return undefined;
  const locked = isLockedOut(person.failures, policy.options);
  const decision = decide(person, policy, { now, matched, locked });
  if (!decision.allow) return ["locked"];
  const { secondFactor } = person.account;
  const { proofs, changeReason } = decision;
  const factor = secondFactorOwed(secondFactor, policy.options, { proofs, now: enrolment });
  return [factor, changeReason].filter((burden) => burden !== undefined);
}

type Opening = "password" | "temporary";

/**
 * With what somebody comes in next: the own password, or the first or next one that is mailed, until which everything waits.
 * Undefined for a closed account, and for who comes by a passkey, which is enough by itself.
 */
function whatOpens(person: Person, policy: PolicyFacts, now: Date): Opening | undefined {
  const opens = (matched: Opening) => decide(person, policy, { now, matched, locked: false }).allow;
  const { credential, secondFactor } = person.account;
  if (credential && opens("password")) return "password";
  if (!credential && secondFactor.enrolled.includes("passkey")) return undefined;
  return opens("temporary") ? "temporary" : undefined;
}

type Typed = { now: Date; matched: Opening; locked: boolean };

/** What comes of it in a browser that is remembered, where there is one. */
function decide({ account, remembered }: Person, policy: PolicyFacts, typed: Typed): SignInDecision {
  const believed = remembered && policy.options.rememberDeviceDays > 0;
  return decideSignIn({ ...policy, ...typed, account, remembered: believed, breached: false });
}
