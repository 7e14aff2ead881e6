import { expiresAt, isExpired } from "./expiry.ts";
import { mayBreak } from "./password.ts";
import type { FactorFacts, Proof } from "./second-factor.ts";
import type { PasswordRules, SecurityOptions } from "./security-options.ts";
import type { ChangeReason, Duty } from "./session.ts";
import { dutiesOwed } from "./sign-in-machine.ts";
import { isSsoRequired } from "./sso-enforcement.ts";

/** The password that a member has, as far as the policy looks at it. */
export type CredentialFacts = {
  /** Null for one whose date nobody knows. */
  changedAt: Date | null;
  /** The rules that accepted it; undefined for one that none of ours judged. */
  acceptedUnder: PasswordRules | undefined;
  /** Until when one that somebody else has set is good. Undefined for one of the owner's own. */
  temporaryUntil: Date | undefined;
};

export type AccountFacts = {
  status: "enabled" | "disabled";
  /** Its owner has said "this wasn't me": closed until an administrator opens it. */
  frozen: boolean;
  federated: boolean;
  /** From when it gets in by SSO alone, which it has not (G5). */
  ssoRequiredFrom: Date | undefined;
  mustChangePassword: boolean;
  credential: CredentialFacts | undefined;
  secondFactor: FactorFacts;
};

export type PolicyFacts = { options: SecurityOptions; expirySince: Date | null };

/** What is known once a name and a password have been typed. `account` is undefined for an unknown name. */
export type SignInFacts = PolicyFacts & {
  account: AccountFacts | undefined;
  /** Too many wrong ones from this place: nothing that is typed here counts any more (DEC6). */
  locked: boolean;
  /** Which of the account's secrets was typed. `temporary_over` is a mailed one past its 48 hours or used before. */
  matched: "password" | "temporary" | "temporary_over" | "none";
  /** On the list of leaked passwords. */
  breached: boolean;
  /** Imported with its account, and less than the firm's rules ask for, now that it is typed for the first time (D6). */
  belowRules?: boolean;
  /** The browser is one in which a second factor was proven lately, and nothing speaks against taking its word. */
  remembered?: boolean;
  now: Date;
};

export type RefusalReason =
  | "unknown_name"
  | "federated"
  | "sso_required"
  | "no_password"
  | "locked"
  | "wrong_password"
  | "frozen"
  | "disabled"
  | "temporary_password_over";

export type SignInDecision =
  | {
      allow: true;
      duties: Duty[];
      proofs: Proof[];
      changeReason: ChangeReason | undefined;
      /** Let in where only the identity provider would be the way. */
      byBreakGlass?: boolean;
    }
  | { allow: false; reason: RefusalReason };

/**
 * What comes of a sign-in by password. The reason is for the firm's audit log; the person hears one sentence for all,
 * and what lies behind a right password shows to nobody without one.
 */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const { account } = facts;
  const reason = account ? refusalOf(account, { ...facts, opensBreakGlass: false }) : "unknown_name";
  if (!account || reason) return { allow: false, reason: reason ?? "unknown_name" };
  const changeReason = changeReasonOf(account, facts);
  const proofs: Proof[] = [facts.matched === "temporary" ? "temporary_password" : "password"];
  if (facts.remembered) proofs.push("remembered_device");
  const circumstances = { factors: account.secondFactor, options: facts.options, now: facts.now };
  return { allow: true, duties: dutiesOwed(proofs, changeReason, circumstances), proofs, changeReason };
}

/** What is known once a passkey has been proven: whose it is, or that it is nobody's any more. */
export type PasskeySignInFacts = Pick<SignInFacts, "account" | "options" | "now"> & {
  /** It is the one that this account's break-glass is armed for (J3). */
  opensBreakGlass: boolean;
};

/**
 * What comes of a sign-in by passkey, which is two factors at once. No lock keeps it out, and it opens one (DEC6). What an
 * administrator asks for binds as it does behind a password; what becomes of a password with time does not (C5). Where SSO
 * is the only way, one passkey opens all the same: that of an armed break-glass (DEC19). A password is none of its business.
 */
export function decidePasskeySignIn(facts: PasskeySignInFacts): SignInDecision {
  const { account, options, now, opensBreakGlass } = facts;
  const proven = { matched: "passkey", locked: false, now, opensBreakGlass } as const;
  const reason = account ? refusalOf(account, proven) : "unknown_name";
  if (!account || reason) return { allow: false, reason: reason ?? "unknown_name" };
  const { credential, mustChangePassword, secondFactor: factors } = account;
  const byBreakGlass = bySsoAlone(account, now) !== undefined;
  const asked = !byBreakGlass && credential && (mustChangePassword || credential.temporaryUntil);
  const changeReason = asked ? "required" : undefined;
  const proofs: Proof[] = ["passkey"];
  return {
    allow: true,
    duties: dutiesOwed(proofs, changeReason, { factors, options, now }),
    proofs,
    changeReason,
    ...(byBreakGlass && { byBreakGlass }),
  };
}

/** What is known once a provider has vouched for a member of the firm. */
export type SsoSignInFacts = Pick<SignInFacts, "account" | "options" | "now" | "locked"> & {
  /** The provider says that it has asked for a second factor itself. */
  strong: boolean;
  remembered: boolean;
};

/**
 * What comes of a sign-in by the firm's identity provider. Nothing about passwords counts. A second factor of the provider is
 * enough where the firm trusts it (F4); else the member's own is asked for, and too many wrong ones lock this way too (SEC17).
 */
export function decideSsoSignIn({ account, options, now, locked, ...facts }: SsoSignInFacts): SignInDecision {
  if (!account?.federated) return { allow: false, reason: "unknown_name" };
  if (account.frozen) return { allow: false, reason: "frozen" };
  if (account.status === "disabled") return { allow: false, reason: "disabled" };
  const proofs: Proof[] = ["sso"];
  if (facts.strong && options.trustProviderFactors) proofs.push("provider_factor");
  if (facts.remembered) proofs.push("remembered_device");
  const duties = dutiesOwed(proofs, undefined, { factors: account.secondFactor, options, now });
  if (locked && duties.includes("second_factor")) return { allow: false, reason: "locked" };
  return { allow: true, duties, proofs, changeReason: undefined };
}

/** Why this member owes a new password; undefined when none is owed. Temporary first: it says the most. */
export function changeReasonOf(
  { mustChangePassword, credential }: Pick<AccountFacts, "mustChangePassword" | "credential">,
  { options, expirySince, now, matched, breached, belowRules }: Omit<SignInFacts, "account" | "locked">,
): ChangeReason | undefined {
  if (matched === "temporary" || credential?.temporaryUntil) return "temporary";
  if (mustChangePassword) return "required";
  const changedAt = credential?.changedAt ?? null;
  if (isExpired(expiresAt(options, { changedAt, expirySince }), now)) return "expired";
  if (breached && options.breachList) return "breached";
  if (belowRules) return "rules_changed";
  const bound = options.rulesApplyAt === "next_sign_in";
  return bound && mayBreak(credential?.acceptedUnder, options) ? "rules_changed" : undefined;
}

type Proven = Pick<SignInFacts, "locked" | "now"> & {
  matched: SignInFacts["matched"] | "passkey";
  opensBreakGlass: boolean;
};

function refusalOf(account: AccountFacts, facts: Proven): RefusalReason | undefined {
  const bySso = facts.opensBreakGlass ? undefined : bySsoAlone(account, facts.now);
  if (bySso) return bySso;
  // A mailed temporary password is the reset that opens a lock: 80 bits, once, to nobody but the mailbox's owner (DEC6).
  if (facts.locked && facts.matched !== "temporary") return "locked";
  if (facts.matched === "none") return account.credential ? "wrong_password" : "no_password";
  if (account.frozen) return "frozen";
  if (account.status === "disabled") return "disabled";
  return isOver(account, facts) ? "temporary_password_over" : undefined;
}

/** Why nothing but the identity provider lets an account in; undefined for one that the portal itself lets in. */
function bySsoAlone({ federated, ssoRequiredFrom }: AccountFacts, now: Date) {
  if (federated) return "federated";
  return isSsoRequired(ssoRequiredFrom, now) ? "sso_required" : undefined;
}

function isOver({ credential }: AccountFacts, { matched, now }: Proven): boolean {
  if (matched === "temporary_over") return true;
  return matched === "password" && isExpired(credential?.temporaryUntil, now);
}
