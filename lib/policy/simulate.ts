import { isLockedOut, type PlaceFailures } from "./lock.ts";
import type { SecurityOptions } from "./security-options.ts";
import type { ChangeReason } from "./session.ts";
import { type AccountFacts, decideSignIn, type PolicyFacts } from "./sign-in.ts";

/** A member as the next sign-in will find them. */
export type Person = { account: AccountFacts; failures: readonly PlaceFailures[] };

/** What stands between a right password and the portal: a change of it, or a lock that only a reset opens. */
export type Burden = ChangeReason | "locked";

/** What a change of policy does to one person. `exempt` is somebody whom no password lets in, before and after. */
export type Effect = Burden | "relieved" | "none" | "exempt";

/**
 * What somebody has to do at the next sign-in because of a change of policy, and would not have had to without it; or
 * that they no longer have to do anything. Asks the function that decides at the sign-in itself, so that the prediction
 * is the decision (C1). Whether a password is on a list of leaked ones nobody can read: that is left out.
 */
export function effectOn(person: Person, before: PolicyFacts, after: PolicyFacts, now: Date): Effect {
  if (isExempt(person, after, now)) return "exempt";
  const [was, will] = [burdenOf(person, before, now), burdenOf(person, after, now)];
  if (will !== undefined && weightOf(will) > weightOf(was)) return will;
  return was !== undefined && will === undefined ? "relieved" : "none";
}

/**
 * Since when expiry counts once these options are saved: since now where it is switched on, as before while it stays on,
 * whatever the period. Passwords without a date are counted from there (C5).
 */
export function expirySinceAfter(current: PolicyFacts, next: SecurityOptions, now: Date): Date | null {
  if (next.expiryDays === 0) return null;
  return current.options.expiryDays === 0 ? now : (current.expirySince ?? now);
}

function isExempt(person: Person, policy: PolicyFacts, now: Date): boolean {
  return !decide(person, policy, now, false).allow;
}

function burdenOf(person: Person, policy: PolicyFacts, now: Date): Burden | undefined {
  const decision = decide(person, policy, now, isLockedOut(person.failures, policy.options));
  return decision.allow ? decision.changeReason : "locked";
}

/** What comes of the right password, where somebody has one. */
function decide({ account }: Person, policy: PolicyFacts, now: Date, locked: boolean) {
  const matched = account.credential ? "password" : "none";
  return decideSignIn({ ...policy, account, locked, matched, breached: false, now });
}

/** A lock weighs more than a change: mail or an administrator opens it, not the person at the keyboard. */
function weightOf(burden: Burden | undefined): number {
  if (burden === undefined) return 0;
  return burden === "locked" ? 2 : 1;
}
