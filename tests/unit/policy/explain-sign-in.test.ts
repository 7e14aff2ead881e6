import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR, SECOND } from "#lib/core/clock.ts";
import type { MailedSecret } from "#lib/policy/access-state.ts";
import { type ExplainedFacts, explainSignIn } from "#lib/policy/explain-sign-in.ts";
import { isLockedOut } from "#lib/policy/lock.ts";
import type { FactorFacts } from "#lib/policy/second-factor.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { DUTIES } from "#lib/policy/session.ts";
import { decideSignIn, type PolicyFacts } from "#lib/policy/sign-in.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const ahead = (milliseconds: number) => after(NOW, milliseconds);

const sometimes = fc.constantFrom(-40 * DAY, -30 * DAY, -48 * HOUR, -DAY, -SECOND, 0, SECOND, DAY).map(ahead);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const aMail: fc.Arbitrary<MailedSecret & { toPresentAddress: boolean }> = fc.record({
  mailedAt: sometimes,
  expiresAt: sometimes,
  ended: fc.constantFrom(undefined, undefined, "consumed", "superseded", "exhausted", "revoked"),
  toPresentAddress: fc.boolean(),
});

const someFacts: fc.Arbitrary<ExplainedFacts> = fc
  .record({
    status: fc.constantFrom("enabled", "enabled", "enabled", "disabled"),
    deletable: fc.boolean(),
    kind: fc.constantFrom("staff", "contact"),
    frozenAt: fc.option(sometimes, { freq: 4 }),
    federated: fc.constantFrom(false, false, false, true),
    ssoRequiredFrom: fc.option(sometimes, { nil: undefined, freq: 3 }),
    mustChangePassword: fc.boolean(),
    secondFactor: fc.record({
      enrolled: fc.constantFrom<FactorFacts["enrolled"][]>(
        [],
        [],
        ["totp"],
        ["passkey"],
        ["totp", "passkey"],
      ),
      groupRequiresFrom: fc.option(sometimes),
      memberRequires: fc.constantFrom(false, false, true),
    }),
    factors: fc.record({
      lostUntil: maybe(sometimes),
      codesUsedUp: fc.boolean(),
      suspectedAt: maybe(sometimes),
      lastWrong: maybe(sometimes),
    }),
    credential: maybe(
      fc.record({
        changedAt: fc.option(sometimes),
        temporaryUntil: maybe(sometimes),
        acceptedUnder: maybe(fc.constant(rulesOf(RECOMMENDED))),
      }),
    ),
    hasAddress: fc.boolean(),
    failures: fc.array(
      fc.record({
        place: fc.constantFrom("source:203.0.113.7", "device:5e9b", "*"),
        failures: fc.constantFrom(1, 9, 10, 99, 100),
      }),
      { maxLength: 3 },
    ),
    invitation: maybe(aMail),
    temporary: maybe(aMail),
    mailedLongAgo: maybe(sometimes),
    hasPermissions: fc.boolean(),
    hasClient: fc.boolean(),
    invitationOpenedAt: maybe(sometimes),
    mail: maybe(
      fc.record({
        state: fc.constantFrom("queued", "sent", "bounced", "suppressed"),
        reason: fc.constantFrom(null, "no_longer_needed", "too_many_mails", "disabled"),
        at: sometimes,
      }),
    ),
    reset: maybe(aMail),
    heldUntil: maybe(sometimes),
    mailboxFull: fc.boolean(),
    session: maybe(
      fc.record({
        end: fc.constantFrom("idle", "expired", "live", "signed_out", "password_changed", "frozen"),
        at: sometimes,
        changeReason: fc.constantFrom(undefined, "breached"),
        stoppedAt: fc.constantFrom(undefined, ...DUTIES),
      }),
    ),
    lastWrongPassword: maybe(sometimes),
    lastTry: maybe(sometimes),
  })
  .map(({ deletable, ...facts }) => ({
    ...facts,
    frozen: facts.frozenAt !== null,
    deleted: deletable && facts.status === "disabled",
  }));

const somePolicy: fc.Arbitrary<PolicyFacts> = fc.record({
  options: fc
    .record({ expiryDays: fc.constantFrom(0, 30), lockAfter: fc.constantFrom(3, 10) })
    .map((some) => ({ ...RECOMMENDED, ...some })),
  expirySince: fc.option(sometimes),
});

/** What comes of a sign-in with the password that works, from a place that is locked if any is. */
function decisionFor(facts: ExplainedFacts, policy: PolicyFacts) {
  const { temporary, credential, failures } = facts;
  const works = temporary !== undefined && !temporary.ended && NOW < temporary.expiresAt;
  const matched = credential ? "password" : "none";
  const locked = isLockedOut(failures, policy.options);
  const typed = { account: facts, matched: works ? "temporary" : matched, locked } as const;
  return decideSignIn({ ...policy, ...typed, breached: false, now: NOW });
}

/** The codes with which a refusal may be explained, as the first thing that is said. */
const SAID: Record<string, RegExp> = {
  disabled: /^(disabled|deleted)$/,
  frozen: /^(frozen|disabled|deleted)$/,
  federated: /^(federated|frozen|disabled|deleted)$/,
  sso_required: /^(sso_required|frozen|disabled|deleted)$/,
  locked:
    /^(locked_|disabled|deleted|frozen|password_ended|set_password_over|mail_|no_address|never_|invitation_|temporary_)/,
  no_password: /^(mail_|no_address|never_|invitation_|temporary_|disabled|deleted|frozen)/,
  temporary_password_over: /^(password_ended|set_password_over|disabled|deleted|frozen)$/,
};

describe("of any facts whatever (J5)", () => {
  const holds = (property: (facts: ExplainedFacts, policy: PolicyFacts) => void) =>
    fc.assert(fc.property(someFacts, somePolicy, property), { numRuns: 5000 });

  test("the explanation says that somebody can sign in exactly when the decision lets them in", () => {
    holds((facts, policy) => {
      const decision = decisionFor(facts, policy);
      const { canSignIn, obstacles } = explainSignIn(facts, policy, NOW);
      expect(canSignIn).toBe(decision.allow);
      expect(obstacles.length === 0).toBe(decision.allow);
      if (!decision.allow) expect(obstacles[0]?.code).toMatch(SAID[decision.reason] ?? /^$/);
    });
  });

  test("a change that the sign-in will ask for is told, and no other", () => {
    holds((facts, policy) => {
      const decision = decisionFor(facts, policy);
      const { afterwards } = explainSignIn(facts, policy, NOW);
      const told = afterwards.map(({ code }) => code).filter((code) => code.startsWith("change_"));
      const asked = decision.allow ? decision.changeReason : undefined;
      if (asked) expect(told).toEqual([`change_${asked}`]);
      else expect(told.filter((code) => code !== "change_breached")).toEqual([]);
    });
  });

  test("a second factor that the sign-in will ask for or have set up is told, and no other (F4)", () => {
    holds((facts, policy) => {
      const decision = decisionFor(facts, policy);
      const codes = explainSignIn(facts, policy, NOW).afterwards.map(({ code }) => code);
      const duties = decision.allow ? decision.duties : [];
      expect(codes.includes("second_factor_asked")).toBe(duties.includes("second_factor"));
      expect(codes.includes("enrolment_owed")).toBe(duties.includes("enroll_second_factor"));
    });
  });

  test("a mail is never the cure where none would be sent", () => {
    holds((facts, policy) => {
      const { obstacles, afterwards, clues } = explainSignIn(facts, policy, NOW);
      const cures = [...obstacles, ...afterwards, ...clues].map(({ cure }) => cure);
      const closed = facts.status === "disabled" || facts.frozen || facts.federated;
      if (closed || !facts.hasAddress) expect(cures).not.toContain("send");
    });
  });

  test("each finding is a sentence, told once, and nothing of a password is said of who signs in by SSO", () => {
    holds((facts, policy) => {
      const { obstacles, afterwards, clues } = explainSignIn(facts, policy, NOW);
      const all = [...obstacles, ...afterwards, ...clues];
      expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
      for (const { sentence } of all) {
        expect(sentence).toMatch(/^[A-Z].*\.$/);
        expect(sentence).not.toMatch(/undefined|null|NaN|Invalid|on \.|until \./);
        if (facts.federated) expect(sentence).not.toMatch(/password/i);
      }
    });
  });
});
