import { describe, expect, test } from "vitest";
import { judgePassword, leastLength, mayBreak } from "#lib/policy/password.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import {
  EXPIRY_DAYS,
  LOCK_AFTER,
  OPTIONS_PRESETS,
  type PasswordRules,
  RECOMMENDED,
  rulesOf,
  type SecurityOptions,
} from "#lib/policy/security-options.ts";

/** Nothing asked but what no firm can switch off. */
const NOTHING: PasswordRules = {
  lengthRequired: false,
  minLength: 8,
  upperRequired: false,
  letterRequired: false,
  numericRequired: false,
  symbolRequired: false,
  minStrength: "Poor",
  breachList: false,
};

const failuresOf = (password: string, rules: PasswordRules) => judgePassword(password, rules, []).failures;

describe("each criterion has a switch of its own (000-14, C1)", () => {
  test.each([
    ["upperRequired", "quilt marble otter", "Quilt marble otter", "Add an upper case letter."],
    ["letterRequired", "4827-1936-5520", "4827-1936-552x", "Add a letter."],
    ["numericRequired", "quilt marble otter", "quilt marble 7 otter", "Add a number."],
    ["symbolRequired", "quiltmarbleotter", "quilt-marbleotter", "Add a symbol, such as ! or -."],
  ] as const)("%s: %s is refused and %s accepted; off, both are", (option, without, having, failure) => {
    const on = { ...NOTHING, [option]: true };
    expect(failuresOf(without, on)).toEqual([failure]);
    expect(failuresOf(having, on)).toEqual([]);
    expect(failuresOf(without, NOTHING)).toEqual([]);
    expect(failuresOf(having, NOTHING)).toEqual([]);
  });

  test("they ask for neither more nor less together than each alone: all switches, all kinds of password", () => {
    // Numbers that are no digits: none of the four.
    const filler = "\u2461\u2468\u2463\u2466\u2460\u2467\u2462\u2465";
    const parts = ["QK", "vz", "72", "#-"] as const;
    for (let switches = 0; switches < 16; switches += 1) {
      for (let kinds = 0; kinds < 16; kinds += 1) {
        const has = (bit: number) => (kinds & (1 << bit)) > 0;
        const asks = (bit: number) => (switches & (1 << bit)) > 0;
        const password = filler + parts.filter((_, bit) => has(bit)).join("");
        const rules = {
          ...NOTHING,
          upperRequired: asks(0),
          letterRequired: asks(1),
          numericRequired: asks(2),
          symbolRequired: asks(3),
        };
        const missing = [
          asks(0) && !has(0) && "Add an upper case letter.",
          // A capital is a letter.
          asks(1) && !has(1) && !has(0) && "Add a letter.",
          asks(2) && !has(2) && "Add a number.",
          asks(3) && !has(3) && "Add a symbol, such as ! or -.",
        ].filter(Boolean);
        expect(failuresOf(password, rules), `${password} ${switches}`).toEqual(missing);
      }
    }
  });

  test.each([
    ["Ä", "upperRequired", true],
    ["Ж", "upperRequired", true],
    ["ß", "upperRequired", false],
    ["字", "upperRequired", false],
    ["字", "letterRequired", true],
    ["٣", "numericRequired", true],
    ["½", "numericRequired", false],
    [" ", "symbolRequired", true],
    ["€", "symbolRequired", true],
    ["\u0301", "symbolRequired", false],
  ] as const)("%s alone satisfies %s: %s", (character, option, satisfies) => {
    const filler = "\u2461\u2468\u2463\u2466\u2460\u2467\u2462\u2465";
    const failures = failuresOf(filler + character, { ...NOTHING, [option]: true });
    expect(failures.length === 0).toBe(satisfies);
  });
});

describe("length (000-14, DEC7)", () => {
  const of = (length: number) => "kq7vxz2wmb4thf9cgr6ndp3sjy8l".slice(0, length);

  test.each([
    ["on at 12", { lengthRequired: true, minLength: 12 }, 12],
    ["on at 28", { lengthRequired: true, minLength: 28 }, 28],
    ["off, whatever number stands beside it", { lengthRequired: false, minLength: 28 }, 8],
    ["on with less than any firm may have", { lengthRequired: true, minLength: 4 }, 8],
  ])("%s", (_, change, least) => {
    const rules = { ...NOTHING, ...change };
    expect(leastLength(rules)).toBe(least);
    expect(failuresOf(of(least), rules)).toEqual([]);
    expect(failuresOf(of(least - 1), rules)).toEqual([`Use at least ${least} characters.`]);
  });

  test("is counted in characters as people count them", () => {
    expect(
      failuresOf("\u{1f9a6}\u{1f5dd}\u{1f33b}\u{1f9ca}\u{1f41d}\u{1f6f6}\u{1f3ba}", NOTHING),
    ).toHaveLength(1);
    expect(
      failuresOf("\u{1f9a6}\u{1f5dd}\u{1f33b}\u{1f9ca}\u{1f41d}\u{1f6f6}\u{1f3ba}\u{1f9f5}", NOTHING),
    ).toEqual([]);
  });
});

describe("minimum strength", () => {
  const examples = ["aaaaaaab", "password12", "kestrel90x", "kestrel-90-x1", "quilt marble 7 otter"];

  test.each(STRENGTHS)("%s accepts what is as strong, and nothing weaker", (minStrength) => {
    for (const password of examples) {
      const { strength, failures } = judgePassword(password, { ...NOTHING, minStrength }, []);
      const refused = failures.some((failure) => failure.startsWith("Strength:"));
      expect(refused, `${password} is ${strength}`).toBe(
        STRENGTHS.indexOf(strength) < STRENGTHS.indexOf(minStrength),
      );
    }
  });
});

describe("rules that may break an accepted password", () => {
  const strict: PasswordRules = {
    lengthRequired: true,
    minLength: 20,
    upperRequired: true,
    letterRequired: true,
    numericRequired: true,
    symbolRequired: true,
    minStrength: "Excellent",
    breachList: true,
  };

  test.each<[string, Partial<PasswordRules>]>([
    ["one more character", { lengthRequired: true, minLength: 9 }],
    ["upper case", { upperRequired: true }],
    ["a letter", { letterRequired: true }],
    ["a number", { numericRequired: true }],
    ["a symbol", { symbolRequired: true }],
    ["more strength", { minStrength: "Weak" }],
    ["a look at the list of leaked ones", { breachList: true }],
  ])("are stricter by %s", (_, change) => {
    expect(mayBreak(NOTHING, { ...NOTHING, ...change })).toBe(true);
    expect(mayBreak({ ...NOTHING, ...change }, NOTHING)).toBe(false);
    expect(mayBreak(strict, { ...NOTHING, ...change })).toBe(false);
  });

  test("are not those that accepted it, nor any weaker", () => {
    expect(mayBreak(strict, strict)).toBe(false);
    expect(mayBreak(strict, NOTHING)).toBe(false);
    expect(mayBreak({ ...NOTHING, minLength: 30 }, { ...NOTHING, minLength: 12 })).toBe(false);
    expect(mayBreak({ ...NOTHING, upperRequired: true }, { ...NOTHING, letterRequired: true })).toBe(false);
  });

  test("are any, where nobody knows what accepted it", () => {
    expect(mayBreak(undefined, NOTHING)).toBe(true);
  });
});

test("the rules of options are the rules, and nothing of the rest", () => {
  expect(rulesOf({ ...RECOMMENDED, symbolRequired: true })).toEqual({
    ...NOTHING,
    lengthRequired: true,
    minLength: 15,
    symbolRequired: true,
    minStrength: "Acceptable",
    breachList: true,
  });
});

test("until a firm chooses, passwords are long, not predictable and not leaked, and otherwise left alone (S2, X1, X5)", () => {
  expect(failuresOf("quilt marble otter", RECOMMENDED)).toEqual([]);
  expect(failuresOf("quilt marble o", RECOMMENDED)).toEqual(["Use at least 15 characters."]);
  expect(failuresOf("qwertyuiopasdfghjkl", RECOMMENDED).join()).toMatch(/Strength/);
  expect(RECOMMENDED).toMatchObject({
    breachList: true,
    expiryDays: 0,
    lockAfter: 10,
    recoveryProfile: "link_and_code",
    usernameInMail: false,
    administratorsSetStaff: true,
    administratorsSetContacts: false,
  });
});

describe("a preset has what its product's guide says (X7, 000-14, 001-09, 003-07)", () => {
  const presetOf = (id: string): SecurityOptions => {
    const preset = OPTIONS_PRESETS.find((one) => one.id === id);
    if (!preset) throw new Error(`There is no preset ${id}.`);
    return preset.options;
  };

  test("there are six, each by a name of its own, the recommended one first", () => {
    expect(OPTIONS_PRESETS.map(({ id }) => id)).toEqual([
      "recommended",
      "inmotion",
      "inzant-web",
      "inzant-mobile",
      "imagineshare",
      "readyworks",
    ]);
    expect(new Set(OPTIONS_PRESETS.map(({ name }) => name)).size).toBe(6);
    expect(OPTIONS_PRESETS[0]?.options).toEqual(RECOMMENDED);
  });

  test.each([
    // "password length, upper case, numeric and non alpha-numeric (symbols) requirements"
    ["inmotion", "Kestrel-9041x", []],
    ["inmotion", "Ke-9041", ["Use at least 8 characters."]],
    ["inmotion", "kestrel-9041x", ["Add an upper case letter."]],
    ["inmotion", "Kestrel-mowing", ["Add a number."]],
    ["inmotion", "Kestrel9041x", ["Add a symbol, such as ! or -."]],
    // "a minimum of 8 characters and enforce the user to include at least 1 number and at least 1 alphabet (letter)"
    ["inzant-web", "kestr904", []],
    ["inzant-web", "kestr90", ["Use at least 8 characters."]],
    ["inzant-web", "kestrelmow", ["Add a number."]],
    ["inzant-web", "90417263", ["Add a letter."]],
    // "a minimum of "Acceptable" for the password to save", "avoid sequential or repeating characters"
    ["inzant-mobile", "kestrel-90-x1", []],
    ["inzant-mobile", "summer26", [expect.stringMatching(/^Strength: .*at least Acceptable/)]],
    [
      "inzant-mobile",
      "abcd1234",
      [expect.stringMatching(/^Avoid sequential/), expect.stringMatching(/^Strength/)],
    ],
    // The guides of these two name no rule.
    ["imagineshare", "kestrel9041", []],
    ["readyworks", "kestrel-90-x1", []],
    ["readyworks", "kestr90", ["Use at least 8 characters."]],
  ])("%s judges %s", (id, password, failures) => {
    expect(failuresOf(password, presetOf(id))).toEqual(failures);
  });

  test.each<[string, Partial<SecurityOptions>]>([
    ["inmotion", { recoveryProfile: "link", administratorsSetStaff: true, administratorsSetContacts: true }],
    [
      "inzant-web",
      {
        recoveryProfile: "temporary_password",
        usernameInMail: false,
        administratorsSetStaff: false,
        administratorsSetContacts: false,
      },
    ],
    ["inzant-mobile", { recoveryProfile: "link_and_code", minStrength: "Acceptable" }],
    ["imagineshare", { recoveryProfile: "link" }],
    ["readyworks", { administratorsSetStaff: true, administratorsSetContacts: true }],
  ])("%s brings people back as its guide tells", (id, options) => {
    expect(presetOf(id)).toMatchObject(options);
  });

  test("inMotion's expires and locks, by numbers that its page offers (000-15, 000-18, DEC6)", () => {
    const { expiryDays, lockAfter } = presetOf("inmotion");
    expect([30, 60, 90, 180, 365]).toContain(expiryDays);
    expect(lockAfter).toBeGreaterThanOrEqual(LOCK_AFTER.least);
    expect(lockAfter).toBeLessThanOrEqual(LOCK_AFTER.most);
  });

  test("none looks away from leaked passwords, or mails a name beside a secret (X6, 001-07)", () => {
    for (const { options } of OPTIONS_PRESETS) {
      expect(options).toMatchObject({ breachList: true, usernameInMail: false });
    }
  });
});

test("passwords expire never, or after 30, 60, 90, 180 or 365 days (000-15)", () => {
  expect(EXPIRY_DAYS).toEqual([0, 30, 60, 90, 180, 365]);
});
