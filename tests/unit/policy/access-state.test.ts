import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import {
  ACCESS_STATES,
  type AccessFacts,
  type AccessStateName,
  accessState,
  type MailedSecret,
  type Remedy,
} from "#lib/policy/access-state.ts";
import { isLockedOut } from "#lib/policy/lock.ts";
import { NO_FACTORS } from "#lib/policy/second-factor.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { decideSignIn, type PolicyFacts } from "#lib/policy/sign-in.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const ago = (milliseconds: number) => after(NOW, -milliseconds);
const ahead = (milliseconds: number) => after(NOW, milliseconds);

const relaxed: PolicyFacts = { options: RECOMMENDED, expirySince: null };
const monthly: PolicyFacts = { options: { ...RECOMMENDED, expiryDays: 30 }, expirySince: ago(40 * DAY) };
const stricter: PolicyFacts = {
  options: { ...RECOMMENDED, symbolRequired: true, rulesApplyAt: "next_sign_in" },
  expirySince: null,
};

const own = { changedAt: ago(10 * DAY), acceptedUnder: rulesOf(RECOMMENDED), temporaryUntil: undefined };

const settled: AccessFacts = {
  status: "enabled",
  frozen: false,
  frozenAt: null,
  federated: false,
  ssoRequiredFrom: undefined,
  mustChangePassword: false,
  secondFactor: NO_FACTORS,
  credential: own,
  hasAddress: true,
  failures: [],
  invitation: undefined,
  temporary: undefined,
  mailedLongAgo: undefined,
};

const fresh: AccessFacts = { ...settled, credential: undefined };

const mail = (changes: Partial<MailedSecret & { toPresentAddress: boolean }> = {}) => ({
  mailedAt: ago(DAY),
  expiresAt: ahead(DAY),
  ended: undefined,
  toPresentAddress: true,
  ...changes,
});

const bySomebody = (until: Date) => ({ ...own, changedAt: after(until, -48 * HOUR), temporaryUntil: until });
const failed = (failures: number, place = "source:203.0.113.7") => ({ place, failures });

type Cause = [string, AccessFacts, PolicyFacts, AccessStateName, Remedy, RegExp];

const CAUSES: Cause[] = [
  ["nothing stands in the way", settled, relaxed, "active", "send_reset", /Nothing stands/],
  ["the password will expire", settled, monthly, "active", "send_reset", /expires on 12 Dec 2026, 12:00 UTC/],
  [
    "the password expired this second",
    { ...settled, credential: { ...own, changedAt: ago(30 * DAY) } },
    monthly,
    "expired",
    "send_reset",
    /expired on 22 Nov 2026, 12:00 UTC/,
  ],
  [
    "the password expires in a second",
    { ...settled, credential: { ...own, changedAt: ahead(SECOND - 30 * DAY) } },
    monthly,
    "active",
    "send_reset",
    /expires on/,
  ],
  [
    "nobody knows since when the password is there, and expiry was switched on 40 days ago",
    { ...settled, credential: { ...own, changedAt: null } },
    monthly,
    "expired",
    "send_reset",
    /expired on 12 Nov 2026/,
  ],
  [
    "staff asked for a new password",
    { ...settled, mustChangePassword: true },
    relaxed,
    "must_change",
    "send_reset",
    /at the next login/,
  ],
  ["the rules became stricter", settled, stricter, "must_change", "send_reset", /stricter/],
  [
    "the rules became stricter for new passwords only",
    settled,
    { ...stricter, options: { ...stricter.options, rulesApplyAt: "next_change" } },
    "active",
    "send_reset",
    /Nothing/,
  ],
  [
    "an administrator set the password",
    { ...settled, credential: bySomebody(ahead(SECOND)), mustChangePassword: true },
    relaxed,
    "temporary",
    "send_reset",
    /administrator set a password.*22 Nov 2026, 12:00/,
  ],
  [
    "the administrator's password is over this second",
    { ...settled, credential: bySomebody(NOW), mustChangePassword: true },
    relaxed,
    "temporary_over",
    "send_reset",
    /was good until/,
  ],
  [
    "the account was frozen, which ended the password, and is open again (B10)",
    { ...settled, credential: { ...own, temporaryUntil: ago(HOUR) } },
    relaxed,
    "temporary_over",
    "send_reset",
    /was ended on 22 Nov 2026, 11:00 UTC.*Opening the account again did not bring it back/,
  ],
  [
    "a temporary password was mailed to somebody with a password",
    { ...settled, temporary: mail() },
    relaxed,
    "temporary",
    "send_reset",
    /mailed on 21 Nov 2026, 12:00 UTC.*good until 23 Nov 2026/,
  ],
  [
    "the administrator's password is over, and a temporary one was mailed since",
    { ...settled, credential: bySomebody(ago(DAY)), temporary: mail() },
    relaxed,
    "temporary",
    "send_reset",
    /mailed on/,
  ],
  [
    "the mailed temporary password is over, and the own one was never touched",
    { ...settled, temporary: mail({ expiresAt: NOW }) },
    relaxed,
    "active",
    "send_reset",
    /Nothing/,
  ],
  [
    "ten wrong passwords from one place",
    { ...settled, failures: [failed(10)] },
    relaxed,
    "locked",
    "unlock",
    /Locked after 10 wrong passwords from 203\.0\.113\.7\./,
  ],
  [
    "nine wrong passwords from one place",
    { ...settled, failures: [failed(9)] },
    relaxed,
    "active",
    "send_reset",
    /Nothing/,
  ],
  [
    "wrong passwords from two places",
    { ...settled, failures: [failed(10), failed(12, "source:198.51.100.1"), failed(22, "*")] },
    relaxed,
    "locked",
    "unlock",
    /12 wrong passwords from 198\.51\.100\.1 and from 1 more/,
  ],
  [
    "wrong passwords in a browser of the owner",
    { ...settled, failures: [failed(10, "device:5e9b")] },
    relaxed,
    "locked",
    "unlock",
    /from a browser of the owner\./,
  ],
  [
    "a hundred wrong passwords from everywhere",
    { ...settled, failures: [failed(1), failed(100, "*")] },
    relaxed,
    "locked",
    "unlock",
    /100 wrong passwords from many places/,
  ],
  [
    "locked, with an administrator's password that is over: a reset helps with both",
    { ...settled, failures: [failed(10)], credential: bySomebody(ago(DAY)) },
    relaxed,
    "temporary_over",
    "send_reset",
    /was good until/,
  ],
  ["disabled", { ...settled, status: "disabled" }, relaxed, "disabled", "enable", /disabled/],
  [
    "disabled, frozen and locked at once",
    { ...settled, status: "disabled", frozen: true, failures: [failed(10)] },
    relaxed,
    "disabled",
    "enable",
    /disabled/,
  ],
  [
    "frozen by its owner",
    { ...settled, frozen: true, frozenAt: ago(HOUR) },
    relaxed,
    "frozen",
    "unfreeze",
    /on 22 Nov 2026, 11:00 UTC that somebody else/,
  ],
  [
    "signs in by SSO",
    { ...fresh, federated: true, failures: [failed(10)] },
    relaxed,
    "sso",
    "none",
    /identity/,
  ],
  [
    "signs in by SSO and is disabled",
    { ...fresh, federated: true, status: "disabled" },
    relaxed,
    "disabled",
    "none",
    /disabled/,
  ],
  [
    "the firm lets people in by SSO alone",
    { ...settled, ssoRequiredFrom: ago(HOUR), failures: [failed(10)] },
    relaxed,
    "sso_required",
    "none",
    /by SSO alone since 22 Nov 2026, 11:00 UTC/,
  ],
  [
    "the firm will let people in by SSO alone from a moment on",
    { ...settled, ssoRequiredFrom: ahead(HOUR) },
    relaxed,
    "active",
    "send_reset",
    /Nothing stands/,
  ],
  ["nobody was ever invited", fresh, relaxed, "never_invited", "send_invitation", /No invitation/],
  [
    "strangers tried a name that has no password yet",
    { ...fresh, failures: [failed(10)] },
    relaxed,
    "never_invited",
    "send_invitation",
    /No invitation/,
  ],
  ["no address and no password", { ...fresh, hasAddress: false }, relaxed, "no_address", "none", /address/],
  [
    "no address, and a password",
    { ...settled, hasAddress: false },
    relaxed,
    "active",
    "none",
    /Nothing stands/,
  ],
  [
    "the invitation is on its way or unread",
    { ...fresh, invitation: mail(), failures: [failed(10)] },
    relaxed,
    "invited",
    "send_invitation",
    /Invited on 21 Nov 2026.*runs out on 23 Nov 2026/,
  ],
  [
    "the invitation ran out this second",
    { ...fresh, invitation: mail({ expiresAt: NOW }) },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /ran out on 22 Nov 2026, 12:00 UTC/,
  ],
  [
    "the invitation was taken back by disabling, and the account is enabled again",
    { ...fresh, invitation: mail({ ended: "revoked" }) },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /taken back/,
  ],
  [
    "the invitation went to an address that is another one today",
    { ...fresh, invitation: mail({ toPresentAddress: false }) },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /address has changed/,
  ],
  [
    "the first, temporary password waits in the mailbox",
    { ...fresh, temporary: mail() },
    relaxed,
    "invited",
    "send_invitation",
    /temporary password was mailed/,
  ],
  [
    "the first, temporary password waits, and strangers are locked out: it opens the lock (DEC6)",
    { ...fresh, temporary: mail(), failures: [failed(10)] },
    relaxed,
    "invited",
    "send_invitation",
    /opens the lock\.$/,
  ],
  [
    "the first, temporary password was used, and no own one chosen",
    { ...fresh, temporary: mail({ ended: "consumed" }) },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /used, and no password was chosen/,
  ],
  [
    "the first, temporary password is over, and a link was superseded before",
    {
      ...fresh,
      invitation: mail({ mailedAt: ago(9 * DAY), ended: "superseded" }),
      temporary: mail({ expiresAt: ago(MINUTE) }),
    },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /ran out on 22 Nov 2026, 11:59 UTC/,
  ],
  [
    "the invitation was so long ago that its row is gone",
    { ...fresh, mailedLongAgo: ago(90 * DAY) },
    relaxed,
    "invitation_expired",
    "send_invitation",
    /Invited on 24 Aug 2026/,
  ],
];

test.each(CAUSES)(
  "staff are told why somebody cannot sign in, and what helps: %s (D4, J5)",
  (_, facts, policy, state, remedy, reason) => {
    expect(accessState(facts, policy, NOW)).toEqual({
      state,
      remedy,
      reason: expect.stringMatching(reason),
    });
  },
);

test("the causes above reach every state (D4)", () => {
  const reached = new Set(CAUSES.map(([, , , state]) => state));
  expect([...reached].sort()).toEqual(Object.keys(ACCESS_STATES).sort());
});

const sometimes = fc.constantFrom(-40 * DAY, -30 * DAY, -DAY, -SECOND, 0, SECOND, DAY).map(ahead);
const aMail: fc.Arbitrary<MailedSecret & { toPresentAddress: boolean }> = fc.record({
  mailedAt: sometimes,
  expiresAt: sometimes,
  ended: fc.constantFrom(undefined, undefined, "consumed", "superseded", "exhausted", "revoked"),
  toPresentAddress: fc.boolean(),
});
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const aPlace = fc.constantFrom("source:203.0.113.7", "source:198.51.100.1", "device:5e9b", "*");

const someFacts: fc.Arbitrary<AccessFacts> = fc
  .record({
    status: fc.constantFrom("enabled", "enabled", "enabled", "disabled"),
    frozenAt: fc.option(sometimes, { freq: 4 }),
    federated: fc.constantFrom(false, false, false, true),
    ssoRequiredFrom: fc.option(sometimes, { nil: undefined, freq: 3 }),
    mustChangePassword: fc.boolean(),
    secondFactor: fc.constant(NO_FACTORS),
    credential: maybe(
      fc.record({
        changedAt: fc.option(sometimes),
        temporaryUntil: maybe(sometimes),
        acceptedUnder: maybe(fc.constantFrom(rulesOf(RECOMMENDED), rulesOf(stricter.options))),
      }),
    ),
    hasAddress: fc.boolean(),
    failures: fc.array(
      fc.record({ place: aPlace, failures: fc.constantFrom(0, 1, 2, 3, 9, 10, 99, 100, 101) }),
      { maxLength: 3 },
    ),
    invitation: maybe(aMail),
    temporary: maybe(aMail),
    mailedLongAgo: maybe(sometimes),
  })
  .map((facts) => ({ ...facts, frozen: facts.frozenAt !== null }));

const somePolicy: fc.Arbitrary<PolicyFacts> = fc.record({
  options: fc
    .record({
      expiryDays: fc.constantFrom(0, 30, 365),
      lockAfter: fc.constantFrom(3, 10, 20),
      symbolRequired: fc.boolean(),
      rulesApplyAt: fc.constantFrom("next_change", "next_sign_in"),
    })
    .map((some) => ({ ...RECOMMENDED, ...some })),
  expirySince: fc.option(sometimes),
});

describe("of any facts whatever", () => {
  const holds = (property: (facts: AccessFacts, policy: PolicyFacts) => void) =>
    fc.assert(fc.property(someFacts, somePolicy, property), { numRuns: 5000 });

  test("there is exactly one state, with a sentence for it (D4)", () => {
    holds((facts, policy) => {
      const { state, reason } = accessState(facts, policy, NOW);
      expect(Object.keys(ACCESS_STATES)).toContain(state);
      expect(reason).toMatch(/^[A-Z].*\.$/);
      expect(reason).not.toMatch(/undefined|null|NaN|Invalid|on \.|until \./);
    });
  });

  test("the report says that somebody gets in exactly when the sign-in lets them in with the password that they have (J5)", () => {
    holds((facts, policy) => {
      const decision = decisionFor(facts, policy);
      const { state } = accessState(facts, policy, NOW);
      const outcome = decision.allow ? (decision.changeReason ?? "signed_in") : decision.reason;
      expect(STATES_OF[outcome], outcome).toContain(state);
    });
  });

  test("a mail is never proposed where there is no address, and nothing at all for SSO (J5)", () => {
    holds((facts, policy) => {
      const { state, remedy } = accessState(facts, policy, NOW);
      if (!facts.hasAddress) expect(["unlock", "enable", "unfreeze", "none"]).toContain(remedy);
      if (state === "sso" || state === "sso_required") expect(remedy).toBe("none");
    });
  });
});

/** What comes of a sign-in from a place that is locked if any is, with the password that would work. */
function decisionFor(facts: AccessFacts, policy: PolicyFacts) {
  const { temporary, credential, failures } = facts;
  const works = temporary !== undefined && !temporary.ended && NOW < temporary.expiresAt;
  const matched = credential ? "password" : "none";
  const locked = isLockedOut(failures, policy.options);
  const typed = { account: facts, matched: works ? "temporary" : matched, locked } as const;
  return decideSignIn({ ...policy, ...typed, breached: false, now: NOW });
}

const CLOSED: AccessStateName[] = ["disabled", "frozen"];
const WITHOUT_PASSWORD: AccessStateName[] = ["no_address", "never_invited", "invitation_expired", "invited"];

/** What the report may say of an outcome. Where several things stand in the way, it names the first to be mended. */
const STATES_OF: Record<string, AccessStateName[]> = {
  signed_in: ["active"],
  // A first temporary password is an invitation.
  temporary: ["temporary", "invited"],
  required: ["must_change"],
  rules_changed: ["must_change"],
  expired: ["expired"],
  federated: [...CLOSED, "sso"],
  sso_required: [...CLOSED, "sso_required"],
  frozen: CLOSED,
  disabled: ["disabled"],
  temporary_password_over: ["temporary_over"],
  locked: [...CLOSED, "locked", "temporary_over", ...WITHOUT_PASSWORD],
  no_password: [...CLOSED, ...WITHOUT_PASSWORD],
};
