import { describe, expect, test } from "vitest";
import { answerBeforeSaving, reviewOf } from "#app/(portal)/settings/security-options/answers.ts";
import { formValues } from "#app/(portal)/settings/security-options/form-values.ts";
import { changeInWords, OPTION_NAMES } from "#app/(portal)/settings/security-options/option-words.ts";
import { optionChanges } from "#lib/policy/option-changes.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { SecurityOptionsInput } from "#lib/settings/input.ts";
import type { OptionsVersion } from "#lib/settings/read-versions.ts";

const options = (change: Partial<SecurityOptions> = {}): SecurityOptions => ({ ...RECOMMENDED, ...change });

const version = (number: number, change: Partial<SecurityOptions> = {}, by?: string): OptionsVersion => ({
  version: number,
  options: options(change),
  at: undefined,
  by,
  restoredVersion: undefined,
  changes: [],
});

const sent = (wanted: SecurityOptions, basedOnVersion: number) => ({
  ...formValues(wanted),
  basedOnVersion: String(basedOnVersion),
  intent: "save",
});

const answer = (versions: [OptionsVersion, ...OptionsVersion[]], wanted: SecurityOptions, base: number) =>
  answerBeforeSaving(versions, wanted, sent(wanted, base));

test("a change of the newest version goes on", () => {
  expect(answer([version(1), version(0)], options({ expiryDays: 90 }), 1)).toBeUndefined();
});

test("options that count already are not saved, and the form says so", () => {
  expect(answer([version(1, { expiryDays: 90 }), version(0)], options({ expiryDays: 90 }), 1)).toMatchObject({
    step: "unchanged",
  });
});

describe("when somebody else has saved meanwhile (C1)", () => {
  const versions: [OptionsVersion, ...OptionsVersion[]] = [
    version(2, { expiryDays: 90, lockAfter: 5 }, "Alan Reed"),
    version(1, { lockAfter: 5 }, "Ada Morgan"),
    version(0),
  ];

  test("the difference is shown, theirs is taken over and mine is kept", () => {
    const state = answer(versions, options({ lockAfter: 5, symbolRequired: true }), 1);
    expect(state?.message).toContain(
      "Alan Reed saved other options meanwhile (Passwords expire: Never → After 90 days)",
    );
    expect(state?.step).toBeUndefined();
    expect(state?.fieldErrors).toEqual({});
    expect(SecurityOptionsInput.parse(state?.values)).toEqual(
      options({ expiryDays: 90, lockAfter: 5, symbolRequired: true }),
    );
    expect(state?.values?.basedOnVersion).toBe("2");
  });

  test("what both chose otherwise is marked at its field, and stands as I chose it", () => {
    const state = answer(versions, options({ lockAfter: 20 }), 0);
    expect(state?.message).toContain("Ada Morgan and Alan Reed saved other options");
    expect(state?.fieldErrors).toEqual({
      lockAfter: ["Ada Morgan and Alan Reed chose “5” here meanwhile."],
    });
    expect(state?.values).toMatchObject({ lockAfter: "20", expiryDays: "90" });
  });

  test("the next press goes on, for it has seen the newest version", () => {
    const state = answer(versions, options({ lockAfter: 20 }), 0);
    const wanted = SecurityOptionsInput.parse(state?.values);
    expect(answerBeforeSaving(versions, wanted, state?.values ?? {})).toBeUndefined();
  });

  test("and had wanted the same, there is nothing to save", () => {
    expect(answer(versions, options({ lockAfter: 5 }), 0)).toMatchObject({ step: "unchanged" });
  });

  test("a form whose version nobody knows is too old", () => {
    expect(answer(versions, options({ lockAfter: 20 }), 7)?.message).toContain("Reload the page");
  });
});

test("the review is small enough to go back with the next press, whatever people are called", () => {
  const people = Array.from({ length: 100 }, () => ({
    name: "\u{1f9a6}".repeat(1000),
    kind: "contact" as const,
    meaning: "expired" as const,
  }));
  const simulation = { total: 100, locked: 0, outOf: 100, relieved: 0, people };
  const { review = "" } = reviewOf(options(), options({ expiryDays: 90 }), simulation);
  expect(Buffer.byteLength(review)).toBeLessThan(40_000);
  expect(JSON.parse(review).simulation.people).toHaveLength(100);
});

test("leaked passwords are mentioned when they are looked for from now on", () => {
  const simulation = { total: 0, locked: 0, outOf: 1, relieved: 0, people: [] };
  const leakedOf = (before: boolean, after: boolean) =>
    JSON.parse(
      reviewOf(options({ breachList: before }), options({ breachList: after }), simulation).review ?? "",
    ).leaked;
  expect([leakedOf(false, true), leakedOf(true, true), leakedOf(true, false)]).toEqual([true, false, false]);
});

describe("every option has words of its own", () => {
  test("for its name", () => {
    expect(Object.keys(OPTION_NAMES)).toEqual(Object.keys(RECOMMENDED));
    expect(new Set(Object.values(OPTION_NAMES)).size).toBe(Object.keys(RECOMMENDED).length);
  });

  test("and for its values", () => {
    const wanted = options({
      lengthRequired: false,
      historyDepth: 3,
      expiryDays: 30,
      rulesApplyAt: "next_sign_in",
      recoveryProfile: "temporary_password",
      minStrength: "Good",
    });
    expect(optionChanges(RECOMMENDED, wanted).map(changeInWords)).toEqual([
      { option: "Length", from: "On", to: "Off" },
      { option: "Minimum strength", from: "Acceptable", to: "Good" },
      { option: "Earlier passwords that cannot be chosen again", from: "None", to: "3" },
      { option: "Stricter rules apply", from: "At the next change", to: "At the next sign-in" },
      { option: "Passwords expire", from: "Never", to: "After 30 days" },
      { option: "Reset by", from: "A link and a code", to: "A temporary password" },
    ]);
  });
});
