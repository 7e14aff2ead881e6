import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerBeforeSaving, reviewOf } from "#app/(portal)/settings/security-options/answers.ts";
import { formValues, typedOptions } from "#app/(portal)/settings/security-options/form-values.ts";
import {
  changeInWords,
  OPTION_NAMES,
  valueInWords,
} from "#app/(portal)/settings/security-options/option-words.ts";
import { simulationInWords } from "#app/(portal)/settings/security-options/simulation-in-words.ts";
import { optionChanges } from "#lib/policy/option-changes.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { SecurityOptionsInput } from "#lib/settings/input.ts";
import type { OptionsVersion } from "#lib/settings/read-versions.ts";
import { someOptions } from "#tests/support/some-options.ts";

const ZONE = "Europe/Warsaw";

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
  ...formValues(wanted, ZONE),
  basedOnVersion: String(basedOnVersion),
  intent: "save",
});

const standing = (versions: [OptionsVersion, ...OptionsVersion[]], base: number) => ({
  versions,
  base: versions.find(({ version: one }) => one === base),
  timeZone: ZONE,
});

const answer = (versions: [OptionsVersion, ...OptionsVersion[]], wanted: SecurityOptions, base: number) =>
  answerBeforeSaving(standing(versions, base), wanted, sent(wanted, base));

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
    expect(answerBeforeSaving(standing(versions, 2), wanted, state?.values ?? {})).toBeUndefined();
  });

  test("and had wanted the same, there is nothing to save", () => {
    expect(answer(versions, options({ lockAfter: 5 }), 0)).toMatchObject({ step: "unchanged" });
  });

  test("a form whose version nobody knows is too old", () => {
    expect(answer(versions, options({ lockAfter: 20 }), 7)?.message).toContain("Reload the page");
  });
});

const nobody = {
  ...{ total: 0, enrolling: 0, enrollingFrom: undefined, confirming: 0, changing: 0, locked: 0 },
  firstEndsAt: undefined,
  ...{ outOf: 1, relieved: 0, people: [] },
};

test("the review is small enough to go back with the next press, whatever people are called", () => {
  const people = Array.from({ length: 100 }, () => ({
    name: "\u{1f9a6}".repeat(1000),
    kind: "contact" as const,
    meanings: ["enroll_second_factor" as const, "expired" as const],
  }));
  const simulation = { ...nobody, total: 100, changing: 100, outOf: 100, people };
  const { review = "" } = reviewOf(
    { current: options(), wanted: options({ expiryDays: 90 }), timeZone: ZONE },
    simulation,
  );
  expect(Buffer.byteLength(review)).toBeLessThan(40_000);
  expect(JSON.parse(review).simulation.people).toHaveLength(100);
});

test("leaked passwords are mentioned when they are looked for from now on", () => {
  const simulation = nobody;
  const leakedOf = (before: boolean, after: boolean) =>
    JSON.parse(
      reviewOf(
        { current: options({ breachList: before }), wanted: options({ breachList: after }), timeZone: ZONE },
        simulation,
      ).review ?? "",
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
    expect(optionChanges(RECOMMENDED, wanted).map((change) => changeInWords(change, ZONE))).toEqual([
      { option: "Length", from: "On", to: "Off" },
      { option: "Minimum strength", from: "Acceptable", to: "Good" },
      { option: "Earlier passwords that cannot be chosen again", from: "None", to: "3" },
      { option: "Stricter rules apply", from: "At the next change", to: "At the next sign-in" },
      { option: "Passwords expire", from: "Never", to: "After 30 days" },
      { option: "Reset by", from: "A link and a code", to: "A temporary password" },
    ]);
  });
});

describe("the day from which a second factor is required (F4)", () => {
  const required = (secondFactorFrom: string) => options({ secondFactor: "required", secondFactorFrom });
  const typed = (choice: string, day: string, stood = RECOMMENDED, zone = ZONE) =>
    SecurityOptionsInput.safeParse(
      typedOptions({ ...formValues(stood, zone), secondFactor: choice, secondFactorFrom: day }, zone, stood),
    );
  const START = "2026-11-30T23:00:00.000Z";

  test("begins with its first moment in the firm's time zone, and is shown back as that day", () => {
    const { data } = typed("required-from", "2026-12-01");
    expect(data).toMatchObject({ secondFactor: "required", secondFactorFrom: START });
    expect(formValues(required(START), ZONE)).toMatchObject({
      secondFactor: "required-from",
      secondFactorFrom: "2026-12-01",
    });
    expect(valueInWords("secondFactorFrom", START, ZONE)).toBe("1 December 2026");
  });

  test("counts for nothing where it is required at once, or optional", () => {
    expect(typed("required", "2026-12-01").data).toMatchObject({
      secondFactor: "required",
      secondFactorFrom: "",
    });
    expect(typed("optional", "2026-12-01").data).toMatchObject({
      secondFactor: "optional",
      secondFactorFrom: "",
    });
  });

  test("that nobody touched keeps its moment, also in another time zone, and is told with its time", () => {
    const stood = required(START);
    expect(formValues(stood, "Etc/UTC")).toMatchObject({ secondFactorFrom: "2026-11-30" });
    expect(typed("required-from", "2026-11-30", stood, "Etc/UTC").data?.secondFactorFrom).toBe(START);
    expect(valueInWords("secondFactorFrom", START, "Etc/UTC")).toBe("30 November 2026, 23:00");
  });

  test.each(["", "2026-02-30", "soon", "2026-12-01T00:00"])("%j is refused beside its field", (day) => {
    const { error } = typed("required-from", day);
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ["secondFactorFrom", "Choose the day from which it is required."],
    ]);
  });

  test("goes through the form unchanged, with all other options", () => {
    fc.assert(
      fc.property(someOptions, (wanted) => {
        const form = formValues(wanted, ZONE);
        const seen = { ...wanted, ...(wanted.secondFactor === "optional" && { secondFactorFrom: "" }) };
        expect(SecurityOptionsInput.parse(typedOptions(form, ZONE, wanted))).toEqual(seen);
      }),
    );
  });
});

test("people who have to enrol from a day ahead are told with that day (F4)", () => {
  const simulation = { ...nobody, enrolling: 1, enrollingFrom: new Date("2026-11-30T23:00:00Z") };
  expect(simulationInWords(simulation, ZONE)).toMatchObject({ enrollingFrom: "1 December 2026" });
});

test("the day on which the first passwords end is the firm's (C1, C5)", () => {
  const simulation = { ...nobody, firstEndsAt: new Date("2027-03-02T23:30:00Z") };
  expect(simulationInWords(simulation, ZONE)).toMatchObject({ firstEndsOn: "3 March 2027" });
  expect(simulationInWords(nobody, ZONE)).not.toHaveProperty("firstEndsOn");
});
