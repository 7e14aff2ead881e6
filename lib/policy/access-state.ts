import { after } from "#lib/core/clock.ts";
import { sayMoment } from "#lib/core/say-moment.ts";
import { expiresAt, isExpired, SET_PASSWORD_LIFETIME } from "./expiry.ts";
import { EVERYWHERE, isLockedOut, type PlaceFailures } from "./lock.ts";
import { secondFactorOwed } from "./second-factor.ts";
import type { SecurityOptions } from "./security-options.ts";
import { type AccountFacts, type CredentialFacts, changeReasonOf, type PolicyFacts } from "./sign-in.ts";
import { isSsoRequired } from "./sso-enforcement.ts";

/** What can be said of somebody's access, as people read it. Everybody is in exactly one of these. */
export const ACCESS_STATES = {
  active: "Active",
  must_change: "Must change password",
  expired: "Password expired",
  temporary: "Temporary password",
  temporary_over: "Password over",
  locked: "Locked",
  frozen: "Frozen",
  disabled: "Disabled",
  invited: "Invited",
  invitation_expired: "Invitation over",
  never_invited: "Never invited",
  no_address: "No address",
  sso: "SSO",
  sso_required: "SSO required",
} as const;

export type AccessStateName = keyof typeof ACCESS_STATES;

/** What staff can do about it, from the row. */
export type Remedy = "send_invitation" | "send_reset" | "unlock" | "enable" | "unfreeze" | "none";

export type AccessState = { state: AccessStateName; reason: string; remedy: Remedy };

/** Something with which a first or next password is chosen, the newest of its kind that was mailed. */
export type MailedSecret = {
  mailedAt: Date;
  expiresAt: Date;
  /** Why it no longer works, apart from its time. */
  ended: "consumed" | "superseded" | "exhausted" | "revoked" | undefined;
};

export type AccessFacts = AccountFacts & {
  frozenAt: Date | null;
  hasAddress: boolean;
  /** Wrong passwords since the last right one, by place. */
  failures: readonly PlaceFailures[];
  /** `toPresentAddress` is false where the address has changed since, which ends the link (SEC20). */
  invitation: (MailedSecret & { toPresentAddress: boolean }) | undefined;
  temporary: MailedSecret | undefined;
  /** When the last invitation or temporary password was mailed whose row has been cleared away. */
  mailedLongAgo: Date | undefined;
};

/**
 * Where somebody's access stands, why, and what helps: by the functions that decide at sign-in (J5). Whatever closes
 * the account comes first, then what a password could not change, then the password. The order is in lib/reports/README.md.
 */
export function accessState(facts: AccessFacts, policy: PolicyFacts, now: Date): AccessState {
  return closed(facts, now) ?? withoutPassword(facts, now) ?? withPassword(facts, policy, now);
}

function closed(facts: AccessFacts, now: Date): AccessState | undefined {
  if (facts.status === "disabled") {
    // Whoever signs in by SSO is enabled and disabled where the provider is, not here.
    return is("disabled", "The account is disabled.", facts.federated ? "none" : "enable");
  }
  if (facts.frozen) {
    const since = facts.frozenAt ? ` on ${moment(facts.frozenAt)}` : "";
    return is("frozen", `The owner said${since} that somebody else had changed the account.`, "unfreeze");
  }
  if (facts.federated) return is("sso", "Signs in through the firm's identity provider.", "none");
  return isSsoRequired(facts.ssoRequiredFrom, now)
    ? is("sso_required", ssoRequiredSince(facts.ssoRequiredFrom), "none")
    : undefined;
}

/** Nothing that is sent or reset lets them in: they have to be known at the identity provider (G5). */
export function ssoRequiredSince(from: Date | undefined): string {
  return `The firm lets people in by SSO alone since ${moment(from)}, and no identity provider goes with this account.`;
}

/** Undefined for whoever can type a password: an own one, or a mailed one that still works. */
function withoutPassword(facts: AccessFacts, now: Date): AccessState | undefined {
  if (facts.credential) return undefined;
  const { invitation, temporary, hasAddress } = facts;
  if (invitation && opens(invitation, now) && invitation.toPresentAddress) {
    const { mailedAt, expiresAt: end } = invitation;
    const reason = `Invited on ${moment(mailedAt)}. The link runs out on ${moment(end)}.`;
    return is("invited", reason, sending(facts, "send_invitation"));
  }
  if (temporary && opens(temporary, now)) return undefined;
  if (!hasAddress) {
    return is("no_address", "There is no e-mail address, and no password yet: nothing can be sent.", "none");
  }
  const over = whatBecameOfIt(facts);
  if (over) return is("invitation_expired", over.sentence, "send_invitation");
  return is("never_invited", "No invitation has been mailed yet.", "send_invitation");
}

function withPassword(facts: AccessFacts, policy: PolicyFacts, now: Date): AccessState {
  const { credential, failures } = facts;
  const mailed = facts.temporary && opens(facts.temporary, now) ? facts.temporary : undefined;
  if (!mailed && credential && isExpired(credential.temporaryUntil, now)) {
    return is("temporary_over", whyOver(credential), sending(facts));
  }
  const locked = isLockedOut(failures, policy.options);
  if (mailed) return withMailed(facts, mailed, locked);
  if (locked) return is("locked", lockedBecause(failures, policy.options), "unlock");
  return withOwn(facts, policy, now);
}

/** One that an administrator set ran out; any other was ended to keep somebody out, and stays so when the account is opened. */
export function whyOver(credential: CredentialFacts): string {
  const until = credential.temporaryUntil;
  if (wasSetBySomebody(credential)) {
    return `An administrator set a password. It was good until ${moment(until)} and no longer. A reset is the way in.`;
  }
  return `The password was ended on ${moment(until)} to keep somebody out. Opening the account again did not bring it back: a reset is the way in.`;
}

export function wasSetBySomebody({ changedAt, temporaryUntil }: CredentialFacts): boolean {
  if (changedAt === null || temporaryUntil === undefined) return false;
  return after(changedAt, SET_PASSWORD_LIFETIME).getTime() === temporaryUntil.getTime();
}

/**
 * A temporary password that waits: the first password of somebody new, or the next of somebody who forgot theirs. It
 * works where others are locked out (DEC6).
 */
function withMailed(
  facts: AccessFacts,
  { mailedAt, expiresAt: end }: MailedSecret,
  locked: boolean,
): AccessState {
  const works = `It is good until ${moment(end)}${locked ? ", and opens the lock" : ""}.`;
  const reason = `A temporary password was mailed on ${moment(mailedAt)}. ${works}`;
  if (!facts.credential) return is("invited", reason, sending(facts, "send_invitation"));
  return is("temporary", reason, sending(facts));
}

function withOwn(facts: AccessFacts, policy: PolicyFacts, now: Date): AccessState {
  const { credential } = facts;
  const dates = { changedAt: credential?.changedAt ?? null, expirySince: policy.expirySince };
  const end = expiresAt(policy.options, dates);
  const why = changeReasonOf(facts, { ...policy, now, matched: "password", breached: false });
  switch (why) {
    case "temporary": {
      const until = moment(credential?.temporaryUntil);
      const reason = `An administrator set a password. It is good until ${until}, and must be changed at the next login.`;
      return is("temporary", reason, sending(facts));
    }
    case "required":
      return is("must_change", "A new password has to be chosen at the next login.", sending(facts));
    case "rules_changed":
      return is("must_change", `${STRICTER} A new one has to be chosen at the next login.`, sending(facts));
    case "expired":
      return is("expired", `The password expired on ${moment(end)}.`, sending(facts));
    default: {
      const reason = end ? `The password expires on ${moment(end)}.` : NOTHING;
      return is("active", `${reason}${enrolmentRemark(facts, policy, now)}`, sending(facts));
    }
  }
}

/** It keeps nobody out: the sign-in goes on with setting one up (F4). */
function enrolmentRemark({ secondFactor }: AccessFacts, { options }: PolicyFacts, now: Date): string {
  const owed = secondFactorOwed(secondFactor, options, { proofs: ["password"], now });
  return owed === "enroll_second_factor" ? " A second factor has to be set up at the next login." : "";
}

const STRICTER = "The firm's rules have become stricter than those that this password was chosen under.";

const NOTHING = "Nothing stands in the way.";

/** Whether what was mailed still works, as far as its time and its end go. */
export function opens({ ended, expiresAt: end }: MailedSecret, now: Date): boolean {
  return ended === undefined && now < end;
}

/** What ended the last thing with which a first password could have been chosen. */
export type Ending = {
  how: "used" | "superseded" | "taken_back" | "address_changed" | "ran_out" | "long_ago";
  sentence: string;
};

/** Why what was mailed does not open the account; undefined where nothing ever was. */
export function whatBecameOfIt({ invitation, temporary, mailedLongAgo }: AccessFacts): Ending | undefined {
  const [last] = [invitation, temporary]
    .filter((one) => one !== undefined)
    .sort((one, other) => other.mailedAt.getTime() - one.mailedAt.getTime());
  if (!last && !mailedLongAgo) return undefined;
  if (!last) return ending("long_ago", `Invited on ${moment(mailedLongAgo)}. That has run out.`);
  const mailed = `Invited on ${moment(last.mailedAt)}.`;
  if (last.ended === "consumed") return ending("used", `${mailed} It was used, and no password was chosen.`);
  if (last.ended === "superseded") return ending("superseded", `${mailed} A newer e-mail took its place.`);
  if (last.ended) return ending("taken_back", `${mailed} That was taken back.`);
  if ("toPresentAddress" in last && !last.toPresentAddress) {
    return ending("address_changed", `${mailed} The address has changed since, which ended the link.`);
  }
  return ending("ran_out", `${mailed} It ran out on ${moment(last.expiresAt)}.`);
}

function ending(how: Ending["how"], sentence: string): Ending {
  return { how, sentence };
}

const SOURCE = "source:";

/** Names the place that is locked, since a person at another one can still sign in (DEC6). */
export function lockedBecause(failures: readonly PlaceFailures[], options: SecurityOptions): string {
  const locked = failures.filter((place) => isLockedOut([place], options));
  const everywhere = locked.find(({ place }) => place === EVERYWHERE);
  if (everywhere) {
    return `Locked after ${everywhere.failures} wrong passwords from many places. Browsers that have signed in before still work.`;
  }
  const [worst, ...others] = locked.sort((one, other) => other.failures - one.failures);
  if (!worst) return "Locked.";
  const place = worst.place.startsWith(SOURCE) ? worst.place.slice(SOURCE.length) : "a browser of the owner";
  const more = others.length > 0 ? ` and from ${others.length} more` : "";
  return `Locked after ${worst.failures} wrong passwords from ${place}${more}.`;
}

/** What is sent needs somewhere to go. */
function sending({ hasAddress }: AccessFacts, remedy: Remedy = "send_reset"): Remedy {
  return hasAddress ? remedy : "none";
}

function is(state: AccessStateName, reason: string, remedy: Remedy): AccessState {
  return { state, reason, remedy };
}

/** A moment as it stands in these sentences. */
export function moment(at: Date | undefined): string {
  return at ? `${sayMoment(at, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })} UTC` : "";
}
