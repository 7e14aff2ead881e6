import fc from "fast-check";
import { expect, test } from "vitest";
import { judgePassword, MAX_CODE_POINTS } from "#lib/policy/password.ts";
import { passwordManagerRules } from "#lib/policy/password-manager-rules.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import { type PasswordRules, RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";

/** Apple's grammar as its readers understand it, apart from the code that wrote it. */
function readRules(text: string) {
  const parts = text.split(";").flatMap((part) => {
    const [, name = "", value = ""] = /^\s*([a-z-]+):\s*(.*)$/.exec(part) ?? [];
    return name === "" ? [] : [{ name, value }];
  });
  const of = (wanted: string) => parts.filter(({ name }) => name === wanted).map(({ value }) => value);
  const number = (wanted: string) => Number(of(wanted)[0] ?? Number.NaN);
  return {
    least: number("minlength"),
    most: number("maxlength"),
    maxConsecutive: number("max-consecutive"),
    required: of("required").map(charactersOf),
    allowed: of("allowed").map(charactersOf).join(""),
  };
}

function charactersOf(value: string): string {
  const named = { lower: "a-z", upper: "A-Z", digit: "0-9" };
  const [, own = ""] = /\[(.*)\]/.exec(value) ?? [];
  const classes = Object.entries(named).filter(([name]) => value.replace(/\[.*\]/, "").includes(name));
  return classes.map(([, range]) => spread(range)).join("") + own;
}

const spread = (range: string) => {
  const [from = 0, to = 0] = [range.codePointAt(0), range.codePointAt(2)];
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).join("");
};

const anyRules: fc.Arbitrary<PasswordRules> = fc.record({
  lengthRequired: fc.boolean(),
  minLength: fc.integer({ min: 8, max: 64 }),
  upperRequired: fc.boolean(),
  letterRequired: fc.boolean(),
  numericRequired: fc.boolean(),
  symbolRequired: fc.boolean(),
  minStrength: fc.constantFrom(...STRENGTHS),
  breachList: fc.boolean(),
});

/** What a password manager may make of rules: as short as they let it, of few or of many kinds of characters. */
function aGeneratedPassword(rules: PasswordRules): fc.Arbitrary<string> {
  const { least, most, required, allowed } = readRules(passwordManagerRules(rules).passwordRules);
  const oneOf = (characters: string) => fc.constantFrom(...characters);
  return fc.integer({ min: least, max: Math.min(most, least + 8) }).chain((length) =>
    fc
      .tuple(
        fc.tuple(...required.map(oneOf)),
        fc.array(oneOf(allowed), {
          minLength: length - required.length,
          maxLength: length - required.length,
        }),
      )
      .map(([needed, rest]) => [...rest, ...needed].join("")),
  );
}

const CRITERIA = ["length", "upper", "letter", "numeric", "symbol"];

test("whatever a password manager makes from the rules meets the firm's criteria (UX2)", () => {
  const both = anyRules.chain((rules) => fc.tuple(fc.constant(rules), aGeneratedPassword(rules)));
  fc.assert(
    fc.property(both, ([rules, password]) => {
      const unmet = judgePassword(password, rules, []).checks.filter(({ met }) => !met);
      expect(unmet.filter(({ id }) => CRITERIA.includes(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("what is made at random from the rules is accepted under the strictest ones too (UX2)", () => {
  const strict: PasswordRules = {
    ...rulesOf(RECOMMENDED),
    minLength: 8,
    upperRequired: true,
    letterRequired: true,
    numericRequired: true,
    symbolRequired: true,
    minStrength: "Excellent",
  };
  const even = fc.noBias(aGeneratedPassword(strict));
  for (const password of fc.sample(even, { numRuns: 200, seed: 20_261_122 })) {
    expect(judgePassword(password, strict, ["acme", "corporation", "robin"]).failures, password).toEqual([]);
  }
});

test("the lengths of the field are the policy's, and what is too long is refused rather than cut (UX2)", () => {
  const { minLength, maxLength } = passwordManagerRules(rulesOf(RECOMMENDED));
  expect(minLength).toBe(15);
  expect(passwordManagerRules({ ...rulesOf(RECOMMENDED), lengthRequired: false }).minLength).toBe(8);

  const longest = "\u{1f9a6}".repeat(MAX_CODE_POINTS);
  expect(longest.length).toBeLessThan(maxLength);
  const cut = (longest + longest).slice(0, maxLength);
  expect(judgePassword(cut, RECOMMENDED, []).failures).toEqual(["Use at most 128 characters."]);
});
