import {
  type AccessFacts,
  accessState,
  type Ending,
  lockedBecause,
  type MailedSecret,
  moment,
  opens,
  ssoRequiredSince,
  wasSetBySomebody,
  whatBecameOfIt,
  whyOver,
} from "./access-state.ts";
import { enrolmentOf } from "./enrolment.ts";
import { EVERYWHERE, isLockedOut } from "./lock.ts";
import type { FactorKind } from "./second-factor.ts";
import type { Duty } from "./session.ts";
import { decideSignIn, type PolicyFacts, type RefusalReason, type SignInFacts } from "./sign-in.ts";
import { isSsoRequired } from "./sso-enforcement.ts";

/** What mends a finding. */
export type Cure =
  | "restore"
  | "enable"
  | "unfreeze"
  | "unlock"
  | "send"
  | "change_address"
  | "add_to_client"
  | "change_group"
  | "look_at_request"
  | "use_provider"
  | "look_at_enforcement"
  | "reset_factors"
  | "none";

export type Finding = { code: string; sentence: string; cure: Cure };

export type Explanation = {
  /** Whether the right password lets them in, from a place that is locked if any is. */
  canSignIn: boolean;
  /** What keeps them out, what is to be mended first in front. */
  obstacles: Finding[];
  /** What follows on a sign-in. */
  afterwards: Finding[];
  /** What keeps nobody out, and may be what they mean. */
  clues: Finding[];
};

type LastMail = { state: "queued" | "sent" | "bounced" | "suppressed"; reason: string | null; at: Date };

export type SessionEnd = "idle" | "expired" | "live" | (string & {});

/** What has become of somebody's second factors, beside which there are. */
export type FactorHistory = {
  /** When all will be taken away that were reported lost (F3). */
  lostUntil: Date | undefined;
  /** There were recovery codes, and each has been used. */
  codesUsedUp: boolean;
  /** Since when a passkey is refused that may have been copied (F2). */
  suspectedAt: Date | undefined;
  /** The last wrong one since the last sign-in that was let in. */
  lastWrong: Date | undefined;
};

/** All that is known of somebody who cannot sign in. */
export type ExplainedFacts = AccessFacts & {
  deleted: boolean;
  kind: "staff" | "contact";
  hasPermissions: boolean;
  hasClient: boolean;
  invitationOpenedAt: Date | undefined;
  /** The newest mail with which a password is chosen. */
  mail: LastMail | undefined;
  reset: (MailedSecret & { toPresentAddress: boolean }) | undefined;
  /** Until when a new address of theirs is held. */
  heldUntil: Date | undefined;
  /** No more mail to this address within the hour. */
  mailboxFull: boolean;
  /** `stoppedAt` is what a sign-in still owed that went no further. */
  session:
    | { end: SessionEnd; at: Date; changeReason: string | undefined; stoppedAt: Duty | undefined }
    | undefined;
  lastWrongPassword: Date | undefined;
  factors: FactorHistory;
  /** The last sign-in, or the last try of one. */
  lastTry: Date | undefined;
};

/**
 * Why somebody cannot sign in, by the function that decides (J5): it is asked, what it names is mended, and it is asked
 * again until it lets them in.
 */
export function explainSignIn(facts: ExplainedFacts, policy: PolicyFacts, now: Date): Explanation {
  const { reasons, changeReason, duties } = refusalsOf(facts, policy, now);
  const canSignIn = reasons.length === 0;
  const obstacles = worthTelling(reasons, isElsewhere(facts, now)).map((reason) =>
    OBSTACLES[reason](facts, policy, now),
  );
  const owed = canSignIn
    ? [...changeOwed(facts, policy, now, changeReason), ...factorOwed(facts, policy, now, duties)]
    : [];
  const curable = (findings: Finding[]) => (canBeMailed(facts, now) ? findings : findings.map(withoutMail));
  return {
    canSignIn,
    obstacles: curable(obstacles),
    afterwards: curable([...owed, ...afterSignIn(facts, now)]),
    clues: curable(cluesOf(facts, now)),
  };
}

/** A mail with a way in goes to nobody whose account is closed: opening it comes first, and mails one by itself. */
function canBeMailed(facts: ExplainedFacts, now: Date): boolean {
  const { status, frozen, hasAddress } = facts;
  return status === "enabled" && !frozen && !isElsewhere(facts, now) && hasAddress;
}

/** Whoever has no way in but the identity provider's has no password to speak of. */
function isElsewhere({ federated, ssoRequiredFrom }: ExplainedFacts, now: Date): boolean {
  return federated || isSsoRequired(ssoRequiredFrom, now);
}

function withoutMail(finding: Finding): Finding {
  return finding.cure === "send" ? { ...finding, cure: "none" } : finding;
}

function refusalsOf(facts: ExplainedFacts, policy: PolicyFacts, now: Date) {
  const reasons: RefusalReason[] = [];
  let typed = bestTry(facts, policy, now);
  for (;;) {
    const decision = decideSignIn(typed);
    if (decision.allow) return { reasons, changeReason: decision.changeReason, duties: decision.duties };
    reasons.push(decision.reason);
    typed = { ...typed, ...MENDED[decision.reason](typed) };
  }
}

/** The password that would work, typed where it is hardest. */
function bestTry(facts: ExplainedFacts, policy: PolicyFacts, now: Date): SignInFacts {
  const own = facts.credential ? "password" : "none";
  const matched = facts.temporary && opens(facts.temporary, now) ? "temporary" : own;
  const locked = isLockedOut(facts.failures, policy.options);
  return { ...policy, account: facts, matched, locked, breached: false, now };
}

const MENDED: Record<RefusalReason, (typed: SignInFacts) => Partial<SignInFacts>> = {
  unknown_name: () => ({ matched: "temporary" }),
  federated: ({ account }) => ({ account: account && { ...account, federated: false } }),
  sso_required: ({ account }) => ({ account: account && { ...account, ssoRequiredFrom: undefined } }),
  disabled: ({ account }) => ({ account: account && { ...account, status: "enabled" } }),
  frozen: ({ account }) => ({ account: account && { ...account, frozen: false } }),
  locked: () => ({ locked: false }),
  no_password: () => ({ matched: "temporary" }),
  wrong_password: () => ({ matched: "temporary" }),
  temporary_password_over: () => ({ matched: "temporary" }),
};

/** What closes the account, then what a password could not change, then the password. */
const ORDER: RefusalReason[] = [
  "disabled",
  "frozen",
  "federated",
  "sso_required",
  "no_password",
  "temporary_password_over",
  "locked",
];

/** Who signs in elsewhere has no password to speak of; and what a new password mends with it needs no word. */
function worthTelling(reasons: RefusalReason[], elsewhere: boolean): RefusalReason[] {
  const needsNew = reasons.includes("no_password") || reasons.includes("temporary_password_over");
  return ORDER.filter((reason) => reasons.includes(reason))
    .filter((reason) => !elsewhere || ["disabled", "frozen", "federated", "sso_required"].includes(reason))
    .filter((reason) => reason !== "locked" || !needsNew);
}

type Tell = (facts: ExplainedFacts, policy: PolicyFacts, now: Date) => Finding;

const OBSTACLES: Record<RefusalReason, Tell> = {
  disabled: ({ deleted }) =>
    deleted
      ? found("deleted", "The account has been deleted. It can be restored.", "restore")
      : found("disabled", "The account is disabled.", "enable"),
  frozen: (facts, policy, now) => {
    const { reason } = accessState({ ...facts, status: "enabled" }, policy, now);
    return found("frozen", reason, "unfreeze");
  },
  federated: () =>
    found(
      "federated",
      "Signs in through the firm's identity provider. What keeps them out there is not known here.",
      "use_provider",
    ),
  sso_required: ({ ssoRequiredFrom }) =>
    found(
      "sso_required",
      `${ssoRequiredSince(ssoRequiredFrom)} It has to be linked to one, or the firm stops asking for it.`,
      "look_at_enforcement",
    ),
  locked: (facts, { options }) => {
    const { failures } = facts;
    const because = lockedBecause(failures, options);
    if (!wasByFactors(facts)) return found(lockCode(failures, options), because, "unlock");
    return found("locked_factor", `${because} The last tries were wrong second factors.`, "unlock");
  },
  no_password: (facts, _, now) => whyNoPassword(facts, now),
  temporary_password_over: ({ credential }) =>
    found(
      credential && wasSetBySomebody(credential) ? "set_password_over" : "password_ended",
      credential ? whyOver(credential) : "The temporary password is over.",
      "send",
    ),
  wrong_password: () => found("wrong_password", "A wrong password was typed.", "send"),
  unknown_name: () => found("unknown_name", "Nobody has this name.", "none"),
};

/** Wrong second factors count as wrong passwords do (SEC17). */
function wasByFactors({ factors: { lastWrong }, lastWrongPassword }: ExplainedFacts): boolean {
  return lastWrong !== undefined && (lastWrongPassword === undefined || lastWrong > lastWrongPassword);
}

type Options = PolicyFacts["options"];

function lockCode(failures: ExplainedFacts["failures"], options: Options): string {
  const locked = failures.filter((place) => isLockedOut([place], options));
  if (locked.some(({ place }) => place === EVERYWHERE)) return "locked_everywhere";
  return locked.every(({ place }) => place.startsWith("device:")) ? "locked_device" : "locked_place";
}

/** In front what is under way, then what stops a mail, then what became of the last one. */
function whyNoPassword(facts: ExplainedFacts, now: Date): Finding {
  const { mail, hasAddress, mailboxFull } = facts;
  if (!hasAddress) {
    const sentence = "There is no e-mail address, and no password yet: nothing can be sent.";
    return found("no_address", sentence, "change_address");
  }
  if (mail?.state === "queued") {
    const trouble = mail.reason ? " The mail server does not take it at present." : "";
    return found("mail_queued", `The mail waits to be sent since ${moment(mail.at)}.${trouble}`, "none");
  }
  if (mail?.state === "bounced") return bounced(mail);
  return waitingInvitation(facts, now) ?? notSent(mail, mailboxFull) ?? whatBecame(facts);
}

function waitingInvitation(facts: ExplainedFacts, now: Date): Finding | undefined {
  const { invitation, invitationOpenedAt: opened } = facts;
  if (!invitation || !opens(invitation, now) || !invitation.toPresentAddress) return undefined;
  const until = `The link is good until ${moment(invitation.expiresAt)}.`;
  if (opened) {
    const sentence = `The page of the invitation was opened on ${moment(opened)}, and no password chosen. ${until}`;
    return found("invitation_opened", sentence, "send");
  }
  const sentence = `Invited on ${moment(invitation.mailedAt)}. The link was not opened yet. ${until}`;
  return found("invitation_unopened", sentence, "send");
}

/** A mail that was taken back because it was not needed any more says nothing of why it is needed now. */
function notSent(mail: LastMail | undefined, mailboxFull: boolean): Finding | undefined {
  if (mailboxFull || (mail?.state === "suppressed" && mail.reason === "too_many_mails")) return MAILBOX_FULL;
  if (mail?.state !== "suppressed" || mail.reason === "no_longer_needed") return undefined;
  return found(
    "mail_suppressed",
    `The last mail was held back on ${moment(mail.at)} and never sent.`,
    "send",
  );
}

const MAILBOX_FULL = found(
  "mail_cap",
  "This address has been sent as many mails as it may be within the hour. Wait, then send again.",
  "send",
);

const ENDINGS: Record<Ending["how"], string> = {
  used: "temporary_used",
  superseded: "invitation_superseded",
  taken_back: "invitation_revoked",
  address_changed: "invitation_address",
  ran_out: "invitation_expired",
  long_ago: "invitation_expired",
};

function whatBecame(facts: ExplainedFacts): Finding {
  const became = whatBecameOfIt(facts);
  if (became) return found(ENDINGS[became.how], became.sentence, "send");
  return found("never_invited", "No invitation has been mailed yet.", "send");
}

function bounced({ at }: LastMail): Finding {
  const sentence = `The last mail could not be delivered on ${moment(at)}. Check the address first.`;
  return found("mail_bounced", sentence, "change_address");
}

/** A new password that is owed keeps nobody from signing in: it is asked for next. */
function changeOwed(
  facts: ExplainedFacts,
  policy: PolicyFacts,
  now: Date,
  reason: string | undefined,
): Finding[] {
  if (reason === undefined && facts.session?.changeReason !== "breached") return [];
  if (reason === undefined) return [BREACHED];
  return [found(`change_${reason}`, accessState(facts, policy, now).reason, "send")];
}

const BREACHED = found(
  "change_breached",
  "At the last sign-in the password was found among leaked ones. A new one was asked for, and has not been chosen.",
  "send",
);

/** What is asked for of a second factor once the password is right, as the decision says. */
function factorOwed(
  facts: ExplainedFacts,
  { options }: PolicyFacts,
  now: Date,
  duties: readonly Duty[],
): Finding[] {
  const { secondFactor } = facts;
  if (duties.includes("second_factor")) {
    const asked = secondFactor.enrolled.map((kind) => FACTORS[kind]).join(" or ");
    const sentence = `After the password the second factor is asked for: ${asked}.`;
    return [found("second_factor_asked", sentence, "reset_factors")];
  }
  if (!duties.includes("enroll_second_factor")) return [];
  const { sentence } = enrolmentOf({ ...secondFactor, federated: false, heldUntil: undefined }, options, now);
  return [found("enrolment_owed", `A second factor: ${sentence}`, "none")];
}

const FACTORS: Record<FactorKind, string> = { totp: "an authenticator app", passkey: "a passkey" };

function afterSignIn(facts: ExplainedFacts, now: Date): Finding[] {
  const { hasPermissions, kind, hasClient, ssoRequiredFrom: from } = facts;
  const findings: Finding[] = [];
  if (from && from > now) {
    const sentence = `From ${moment(from)} on the firm lets people in by SSO alone, and no identity provider goes with this account.`;
    findings.push(found("sso_announced", sentence, "look_at_enforcement"));
  }
  if (!hasPermissions) {
    findings.push(
      found("no_permissions", "The security group allows nothing, so the portal is empty.", "change_group"),
    );
  }
  if (kind === "contact" && !hasClient) {
    findings.push(found("no_client", "A contact of no client has no workspace to enter.", "add_to_client"));
  }
  return findings;
}

function cluesOf(facts: ExplainedFacts, now: Date): Finding[] {
  const { session, factors } = facts;
  const elsewhere = isElsewhere(facts, now);
  // No page about who signs in by SSO speaks of a password (004-02).
  const speaksOfOne = elsewhere && session?.end === "password_changed";
  const of = [session && !speaksOfOne ? sessionClue(session) : undefined];
  if (!elsewhere) of.push(...factorClues(factors, session), ...passwordClues(facts, now));
  if (!elsewhere && facts.heldUntil) of.push(held(facts.heldUntil));
  return of.filter((clue) => clue !== undefined);
}

function factorClues(
  { lostUntil, codesUsedUp, suspectedAt, lastWrong }: FactorHistory,
  session: ExplainedFacts["session"],
): (Finding | undefined)[] {
  return [
    session?.stoppedAt && stopClue(session.stoppedAt, session.at),
    lastWrong &&
      found(
        "wrong_factor",
        `A wrong second factor was given, last on ${moment(lastWrong)}.`,
        "reset_factors",
      ),
    lostUntil &&
      found(
        "factors_lost",
        `The second factors were reported lost. They are taken away on ${moment(lostUntil)}, unless somebody stops it.`,
        "reset_factors",
      ),
    suspectedAt &&
      found(
        "passkey_suspected",
        `A passkey may have been copied, and is refused since ${moment(suspectedAt)}.`,
        "reset_factors",
      ),
    codesUsedUp
      ? found("codes_used_up", "Each of the recovery codes has been used.", "reset_factors")
      : undefined,
  ];
}

function stopClue(duty: Duty, at: Date): Finding | undefined {
  if (duty === "second_factor") {
    const sentence = `The last sign-in stopped at the second factor, on ${moment(at)}.`;
    return found("stopped_at_factor", sentence, "reset_factors");
  }
  if (duty !== "enroll_second_factor") return undefined;
  const sentence = `The last sign-in stopped where a second factor was to be set up, on ${moment(at)}.`;
  return found("stopped_at_enrolment", sentence, "none");
}

function passwordClues(facts: ExplainedFacts, now: Date): (Finding | undefined)[] {
  const { lastWrongPassword: wrong, credential, mailboxFull, mail, lastTry } = facts;
  // Why somebody has no password is told in full above.
  const told = credential === undefined;
  return [
    wrong && found("wrong_password", `A wrong password was typed, last on ${moment(wrong)}.`, "send"),
    told ? undefined : temporaryClue(facts, now),
    told ? undefined : resetClue(facts, now),
    told || mail?.state !== "bounced" ? undefined : bounced(mail),
    told || !mailboxFull ? undefined : MAILBOX_FULL,
    lastTry ? undefined : NOBODY_TRIED,
  ];
}

const NOBODY_TRIED = found(
  "nobody_tried",
  "Nobody has tried to sign in to this account lately. Perhaps another name was typed, or another firm's address opened.",
  "none",
);

function temporaryClue({ temporary, credential }: ExplainedFacts, now: Date): Finding | undefined {
  if (!temporary || opens(temporary, now) || !isSince(temporary, credential?.changedAt)) return undefined;
  if (temporary.ended === "consumed") {
    const sentence = `The temporary password that was mailed on ${moment(temporary.mailedAt)} has been used. It works once.`;
    return found("temporary_used", sentence, "send");
  }
  if (temporary.ended) return undefined;
  return found(
    "temporary_over",
    `The mailed temporary password ran out on ${moment(temporary.expiresAt)}.`,
    "send",
  );
}

function resetClue({ reset, credential }: ExplainedFacts, now: Date): Finding | undefined {
  if (!reset || !isSince(reset, credential?.changedAt)) return undefined;
  if (reset.ended === "exhausted") {
    return found("reset_exhausted", "The last reset link ended after too many wrong codes.", "send");
  }
  if (reset.ended) return undefined;
  if (!reset.toPresentAddress) {
    return found(
      "reset_address",
      "The address has changed since the last reset was mailed, which ended it.",
      "send",
    );
  }
  if (opens(reset, now)) {
    return found(
      "reset_waiting",
      `A reset link waits in the mailbox, good until ${moment(reset.expiresAt)}.`,
      "none",
    );
  }
  const sentence = `The last reset link ran out unused on ${moment(reset.expiresAt)}.`;
  return found("reset_expired", sentence, "send");
}

/** What was mailed before the present password was chosen is of no interest. */
function isSince({ mailedAt }: MailedSecret, changedAt: Date | null | undefined): boolean {
  return !changedAt || mailedAt >= changedAt;
}

function held(until: Date): Finding {
  const sentence = `A new address is held until ${moment(until)}: until then mail goes to the old one.`;
  return found("address_held", sentence, "look_at_request");
}

const SESSION_ENDS: Record<string, string> = {
  live: "There is a session that still works",
  idle: "The last session ended because nothing was done in it for a while",
  expired: "The last session ended because it had lasted as long as one may",
  signed_out: "The last session was signed out",
  password_changed: "The last session ended when the password was changed",
  address_changed: "The last session ended when the address was changed",
  group_lost: "The last session ended when the directory took the last group away that gives anything here",
};

function sessionClue({ end, at }: NonNullable<ExplainedFacts["session"]>): Finding | undefined {
  const words = SESSION_ENDS[end];
  return words === undefined ? undefined : found(`session_${end}`, `${words}, on ${moment(at)}.`, "none");
}

function found(code: string, sentence: string, cure: Cure): Finding {
  return { code, sentence, cure };
}
