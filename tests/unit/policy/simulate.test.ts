import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, after as later } from "#lib/core/clock.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import { type FactorFacts, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { RECOMMENDED, rulesOf, type SecurityOptions } from "#lib/policy/security-options.ts";
import {
  type AccountFacts,
  type CredentialFacts,
  decideSignIn,
  type PolicyFacts,
} from "#lib/policy/sign-in.ts";
import {
  type Effect,
  effectOn,
  expirySinceAfter,
  momentsOf,
  type Person,
  passwordEndsAt,
} from "#lib/policy/simulate.ts";
import { someOptions } from "#tests/support/some-options.ts";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (days: number) => later(now, -days * DAY);

const credential = { changedAt: ago(1), acceptedUnder: rulesOf(RECOMMENDED), temporaryUntil: undefined };
const account: AccountFacts = {
  status: "enabled",
  frozen: false,
  federated: false,
  ssoRequiredFrom: undefined,
  mustChangePassword: false,
  secondFactor: NO_FACTORS,
  credential,
};
const somebody: Person = { account, failures: [], remembered: false };

const withPassword = (change: Partial<CredentialFacts>): Person => ({
  ...somebody,
  account: { ...account, credential: { ...credential, ...change } },
});

const policy = (change: Partial<SecurityOptions> = {}, expirySince: Date | null = null): PolicyFacts => ({
  options: { ...RECOMMENDED, ...change },
  expirySince,
});

/** A change from the recommended options to these. */
const effectOf = (person: Person, change: Partial<SecurityOptions>, from: PolicyFacts = policy()) => {
  const options = { ...from.options, ...change };
  const rolledOut = { options, expirySince: expirySinceAfter(from, options, now) };
  return told(effectOn(person, from, rolledOut, momentsOf(options, now)));
};

/** What somebody newly has to do, in the order in which it is done. */
const told = (effect: Effect): string => (typeof effect === "string" ? effect : effect.newly.join(" "));

const wrong = (failures: number, place = "source:203.0.113.7") => ({
  ...somebody,
  failures: [{ place, failures }],
});

describe("a change asks somebody to act at the next sign-in (C1, UX47)", () => {
  test.each<[string, Person, Partial<SecurityOptions>, string]>([
    [
      "whose password is older than the new period",
      withPassword({ changedAt: ago(90) }),
      { expiryDays: 90 },
      "expired",
    ],
    [
      "whose password was accepted under weaker rules, where they bind at once",
      somebody,
      { symbolRequired: true, rulesApplyAt: "next_sign_in" },
      "rules_changed",
    ],
    [
      "whose password none of our rules accepted",
      { ...somebody, account: { ...account, credential: { ...credential, acceptedUnder: undefined } } },
      { rulesApplyAt: "next_sign_in" },
      "rules_changed",
    ],
    [
      "from a place with as many wrong passwords as are allowed from now on",
      wrong(5),
      { lockAfter: 5 },
      "locked",
    ],
    ["from a known browser likewise", wrong(5, "device:1"), { lockAfter: 5 }, "locked"],
  ])("%s", (_, person, change, effect) => {
    expect(effectOf(person, change)).toBe(effect);
    expect(effectOf(person, {})).toBe("none");
  });
});

describe("a change asks nothing of somebody", () => {
  test.each<[string, Person, Partial<SecurityOptions>]>([
    ["whose password is younger than the period", withPassword({ changedAt: ago(89.9) }), { expiryDays: 90 }],
    [
      "whose password has no date: it counts from now (C5)",
      withPassword({ changedAt: null }),
      { expiryDays: 30 },
    ],
    ["where stricter rules wait for the next change", somebody, { symbolRequired: true }],
    [
      "whose password stricter rules have accepted already",
      somebody,
      { minLength: 8, rulesApplyAt: "next_sign_in" },
    ],
    ["with fewer wrong passwords than lock", wrong(4), { lockAfter: 5 }],
    [
      "who was asked before by an administrator",
      { ...somebody, account: { ...account, mustChangePassword: true } },
      { expiryDays: 30 },
    ],
    ["locked out already", wrong(10), { lockAfter: 5 }],
    ["locked out everywhere already, whatever the number", wrong(100, EVERYWHERE), { lockAfter: 5 }],
    [
      "with many wrong passwords from everywhere, which have a number of their own",
      wrong(99, EVERYWHERE),
      { lockAfter: 3 },
    ],
    [
      "when it is about something else",
      somebody,
      { historyDepth: 5, recoveryProfile: "link", usernameInMail: true },
    ],
  ])("%s", (_, person, change) => {
    expect(effectOf(person, change)).toBe("none");
  });

  test("who is locked out as well as under a new duty: the lock is told, it weighs more", () => {
    const both = { ...withPassword({ changedAt: ago(400) }), failures: wrong(5).failures };
    expect(effectOf(both, { expiryDays: 30, lockAfter: 5 })).toBe("locked");
    expect(effectOf(both, { lockAfter: 5 }, policy({ expiryDays: 30 }))).toBe("locked");
  });
});

describe("nobody is counted whom no password lets in:", () => {
  test.each<[string, Partial<AccountFacts>]>([
    ["a federated member", { federated: true }],
    ["somebody whom the firm lets in by SSO alone", { ssoRequiredFrom: ago(1) }],
    ["a disabled one", { status: "disabled" }],
    ["a frozen one", { frozen: true }],
    [
      "one who comes by a passkey, which is enough by itself",
      { credential: undefined, secondFactor: { ...NO_FACTORS, enrolled: ["passkey"] } },
    ],
  ])("%s", (_, change) => {
    const failures = [{ place: "source:x", failures: 9 }];
    const person = { ...somebody, account: { ...account, ...change }, failures };
    const everything = { expiryDays: 30, lockAfter: 3, rulesApplyAt: "next_sign_in" } as const;
    expect(effectOf(person, { ...everything, secondFactor: "required" })).toBe("exempt");
  });
});

describe("a second factor that is required asks somebody to set one up (F4)", () => {
  const having = (change: Partial<FactorFacts>, facts: Partial<AccountFacts> = {}): Person => ({
    ...somebody,
    account: { ...account, ...facts, secondFactor: { ...NO_FACTORS, ...change } },
  });
  const required = { secondFactor: "required", secondFactorFrom: "" } as const;

  test.each<[string, Person, string]>([
    ["who has none", somebody, "enroll_second_factor"],
    [
      "who has no password yet, with the first one",
      having({}, { credential: undefined }),
      "enroll_second_factor",
    ],
    [
      "whose password was ended, with the next one",
      having({}, { credential: { ...credential, temporaryUntil: ago(1) } }),
      "enroll_second_factor",
    ],
    [
      "who has to change the password anyway",
      having({}, { mustChangePassword: true }),
      "enroll_second_factor",
    ],
    ["but nobody who has an app", having({ enrolled: ["totp"] }), "none"],
    ["nor a passkey", having({ enrolled: ["passkey"] }), "none"],
    ["nor whose group wants one already", having({ groupRequiresFrom: ago(1) }), "none"],
    ["nor of whom an administrator wants one already", having({ memberRequires: true }), "none"],
    ["nor who is locked out already", { ...somebody, failures: [{ place: "x", failures: 10 }] }, "none"],
  ])("%s", (_, person, effect) => {
    expect(effectOf(person, required)).toBe(effect);
  });

  test("together with a change of the password, where both are new", () => {
    expect(effectOf(withPassword({ changedAt: ago(91) }), { ...required, expiryDays: 90 })).toBe(
      "enroll_second_factor expired",
    );
  });

  test("from its day on, without counting what else will have changed by then", () => {
    const later10 = {
      secondFactor: "required",
      secondFactorFrom: later(now, 10 * DAY).toISOString(),
    } as const;
    expect(effectOf(somebody, later10)).toBe("enroll_second_factor");
    const soonExpired = withPassword({ changedAt: ago(85) });
    expect(effectOf(soonExpired, { ...later10, expiryDays: 90 })).toBe("enroll_second_factor");
    const groupWasFirst = having({ groupRequiresFrom: later(now, 9 * DAY) });
    expect(effectOf(groupWasFirst, later10)).toBe("none");
    const groupIsLater = having({ groupRequiresFrom: later(now, 11 * DAY) });
    expect(effectOf(groupIsLater, later10)).toBe("enroll_second_factor");
  });

  test("and no longer, once it is optional; put off, they still have to", () => {
    expect(effectOf(somebody, { secondFactor: "optional" }, policy(required))).toBe("relieved");
    const putOff = { secondFactorFrom: later(now, DAY).toISOString() };
    expect(effectOf(somebody, putOff, policy(required))).toBe("none");
  });

  test("where browsers are no longer remembered, it is asked for again of who has one", () => {
    const remembered = { ...having({ enrolled: ["totp"] }), remembered: true };
    expect(effectOf(remembered, { rememberDeviceDays: 0 })).toBe("second_factor");
    expect(effectOf(remembered, { rememberDeviceDays: 7 })).toBe("none");
    expect(effectOf(having({ enrolled: ["totp"] }), { rememberDeviceDays: 0 })).toBe("none");
  });
});

describe("somebody no longer has to act", () => {
  test.each<[string, Person, PolicyFacts, Partial<SecurityOptions>]>([
    [
      "when expiry is switched off",
      withPassword({ changedAt: ago(91) }),
      policy({ expiryDays: 90 }),
      { expiryDays: 0 },
    ],
    [
      "when the period grows",
      withPassword({ changedAt: ago(91) }),
      policy({ expiryDays: 90 }),
      { expiryDays: 180 },
    ],
    ["when more tries are allowed", wrong(5), policy({ lockAfter: 5 }), { lockAfter: 6 }],
    [
      "when rules wait for the next change",
      somebody,
      policy({ symbolRequired: true, rulesApplyAt: "next_sign_in" }),
      { rulesApplyAt: "next_change" },
    ],
  ])("%s", (_, person, from, change) => {
    expect(effectOf(person, change, from)).toBe("relieved");
  });

  test("but somebody who has to change the password instead of being locked out is neither", () => {
    const both = { ...withPassword({ changedAt: ago(91) }), failures: wrong(5).failures };
    expect(effectOf(both, { lockAfter: 6 }, policy({ lockAfter: 5, expiryDays: 90 }))).toBe("none");
  });
});

describe("expiry counts from (C5)", () => {
  const since = ago(40);
  test.each<[string, PolicyFacts, Partial<SecurityOptions>, Date | null]>([
    ["the moment at which it is switched on", policy(), { expiryDays: 90 }, now],
    ["where it did, while it stays on", policy({ expiryDays: 90 }, since), { symbolRequired: true }, since],
    ["where it did, under another period", policy({ expiryDays: 90 }, since), { expiryDays: 30 }, since],
    ["nowhere, while it is off", policy(), {}, null],
    ["nowhere, once it is switched off", policy({ expiryDays: 90 }, since), { expiryDays: 0 }, null],
    ["now, where nobody wrote it down", policy({ expiryDays: 90 }, null), { expiryDays: 60 }, now],
  ])("%s", (_, from, change, expected) => {
    expect(expirySinceAfter(from, { ...from.options, ...change }, now)).toEqual(expected);
  });
});

const moments = fc.constantFrom(ago(400), ago(200), ago(91), ago(61), ago(31), ago(5));

const people: fc.Arbitrary<Person> = fc.record({
  remembered: fc.boolean(),
  account: fc.record({
    status: fc.constantFrom("enabled" as const, "enabled" as const, "enabled" as const, "disabled" as const),
    frozen: fc.constantFrom(false, false, false, true),
    federated: fc.constantFrom(false, false, false, true),
    ssoRequiredFrom: fc.constantFrom(undefined, undefined, undefined, ago(1), later(now, DAY)),
    mustChangePassword: fc.constantFrom(false, false, true),
    secondFactor: fc.record({
      enrolled: fc.constantFrom([], [], ["totp"], ["passkey"], ["totp", "passkey"]) as fc.Arbitrary<
        FactorFacts["enrolled"]
      >,
      groupRequiresFrom: fc.option(fc.constantFrom(ago(1), later(now, 500), later(now, DAY)), { freq: 2 }),
      memberRequires: fc.constantFrom(false, false, true),
    }),
    credential: fc.option(
      fc.record({
        changedAt: fc.option(moments),
        acceptedUnder: fc.option(someOptions.map(rulesOf), { nil: undefined }),
        temporaryUntil: fc.option(fc.constantFrom(ago(1), later(now, DAY)), { nil: undefined, freq: 5 }),
      }),
      { nil: undefined, freq: 8 },
    ),
  }),
  failures: fc.uniqueArray(
    fc.record({
      place: fc.constantFrom("source:a", "source:b", "device:c", EVERYWHERE),
      failures: fc.integer({ min: 1, max: 21 }),
    }),
    { selector: ({ place }) => place, maxLength: 3 },
  ),
});

/** What really happens to somebody who comes in from wherever it is worst for them: "out", "locked", or what is to be done. */
function stateOf({ account: facts, failures, remembered }: Person, policyThen: PolicyFacts, at: Date) {
  const { options } = policyThen;
  const believed = remembered && options.rememberDeviceDays > 0;
  const signIn = (matched: "password" | "temporary", locked: boolean, moment = now) =>
    decideSignIn({
      ...policyThen,
      ...{ account: facts, locked, matched, breached: false, remembered: believed, now: moment },
    });
  const hasOwn = facts.credential && signIn("password", false).allow;
  if (!facts.credential && facts.secondFactor.enrolled.includes("passkey")) return "out";
  const matched = hasOwn ? "password" : "temporary";
  const elsewhere = signIn(matched, false);
  if (!elsewhere.allow) return "out";
  const limitOf = (place: string) => (place === EVERYWHERE ? 100 : options.lockAfter);
  const tries = failures.map(({ place, failures: counted }) => signIn(matched, counted >= limitOf(place)));
  if (tries.some(({ allow }) => !allow)) return "locked";
  const onTheDay = signIn("temporary", false, at);
  const factors = onTheDay.allow ? onTheDay.duties.filter((duty) => duty !== "change_password") : [];
  return [...factors, ...elsewhere.duties.filter((duty) => duty === "change_password")];
}

type State = ReturnType<typeof stateOf>;

/** Whoever was locked out is asked nothing new: the lock hides it. */
function consequence(was: State, is: State): string {
  if (is === "out") return "exempt";
  const [had, has] = [[was].flat(), [is].flat()];
  const isNew = was !== "locked" && has.some((duty) => !had.includes(duty));
  if (isNew) return "acts";
  return had.length > 0 && has.length === 0 ? "relieved" : "none";
}

test("predicted is who has to act after the roll-out and did not before, over any people and any change (C1)", () => {
  fc.assert(
    fc.property(
      fc.array(people, { maxLength: 30 }),
      someOptions,
      someOptions,
      fc.option(moments),
      (population, old, wanted, since) => {
        const before = { options: old, expirySince: old.expiryDays > 0 ? since : null };
        const rolledOut = { options: wanted, expirySince: expirySinceAfter(before, wanted, now) };
        const moments = momentsOf(wanted, now);
        const predicted = population.map((person) => effectOn(person, before, rolledOut, moments));

        const happened = population.map((person) =>
          consequence(
            stateOf(person, before, moments.enrolment),
            stateOf(person, rolledOut, moments.enrolment),
          ),
        );
        expect(predicted.map((effect) => (typeof effect === "string" ? effect : "acts"))).toEqual(happened);
      },
    ),
    { numRuns: 500 },
  );
});

test("saving the same options again asks nothing of anybody", () => {
  fc.assert(
    fc.property(people, someOptions, fc.option(moments), (person, options, expirySince) => {
      const same = { options, expirySince };
      expect(["none", "exempt"]).toContain(effectOn(person, same, same, momentsOf(options, now)));
    }),
  );
});

test("what is undone asks nothing that was not asked before: whoever was relieved is asked again", () => {
  fc.assert(
    fc.property(people, someOptions, someOptions, moments, (person, old, wanted, since) => {
      const [one, other] = [
        { options: old, expirySince: since },
        { options: wanted, expirySince: since },
      ];
      const forth = effectOn(person, one, other, momentsOf(wanted, now));
      const back = effectOn(person, other, one, momentsOf(old, now));
      if (forth === "relieved") expect(["none", "relieved", "exempt"]).not.toContain(back);
    }),
  );
});

test("a password ends at the moment from which the sign-in asks for another one, and not before (C5)", () => {
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
      fc.constantFrom(0, 30, 60, 90, 180, 365),
      fc.boolean(),
      (age, expiryDays, mustChangePassword) => {
        const person = withPassword({ changedAt: age === undefined ? null : ago(age) });
        const asked = { ...person, account: { ...person.account, mustChangePassword } };
        const under = policy({ expiryDays } as Partial<SecurityOptions>, expiryDays > 0 ? ago(10) : null);
        const reasonAt = (moment: Date) => {
          const facts = { ...under, account: asked.account, locked: false, breached: false };
          const decision = decideSignIn({ ...facts, matched: "password", now: moment });
          return decision.allow ? decision.changeReason : "out";
        };
        const at = passwordEndsAt(asked, under, now);
        if (at) {
          expect([reasonAt(now), reasonAt(later(at, -1)), reasonAt(at)]).toEqual([
            undefined,
            undefined,
            "expired",
          ]);
        } else if (reasonAt(now) === undefined) expect(expiryDays).toBe(0);
      },
    ),
  );
});
