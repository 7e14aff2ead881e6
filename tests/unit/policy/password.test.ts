import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePassword as judge, wordsOf } from "#lib/policy/password.ts";
import { RECOMMENDED } from "#lib/policy/security-options.ts";

const rules = { ...RECOMMENDED, minLength: 8 };
const judgePassword = (password: string, words: readonly string[]) => judge(password, rules, words);

const known = wordsOf("ACME Corporation", "acme", "Robin Example", "robin.e", "robin@mail.example");

const accepted = (password: string) => judgePassword(password, known).failures.length === 0;

describe("is accepted:", () => {
  test.each([
    ["four words", "quilt marble 7 otter"],
    [
      "sixty-four characters and spaces (SEC2)",
      "every window of the old mill looks out over a slow green river 1",
    ],
    ["128 code points", "quilt marble 7 otter ".repeat(7).slice(0, 128)],
    [
      "128 code points of four bytes each",
      "\u{1f9a6}\u{1f5dd}\u{1f33b}\u{1f9ca}\u{1f41d}\u{1f6f6}\u{1f3ba}\u{1f3a1}".repeat(16),
    ],
    [
      "letters of any script",
      "\u041a\u0432\u0438\u043b\u0442 \u043c\u0440\u0430\u043c\u043e\u0440 \u0441\u0435\u043c\u044c",
    ],
    ["random characters", "x7#Kq!v2Rm"],
  ])("%s", (_, password) => {
    expect(judgePassword(password, known).failures).toEqual([]);
  });
});

describe("is refused, with the reason:", () => {
  test.each([
    ["seven characters", "x7#Kq!v", /at least 8/],
    [
      "seven code points that are fourteen units",
      "\u{1f9a6}\u{1f5dd}\u{1f33b}\u{1f9ca}\u{1f41d}\u{1f6f6}\u{1f3ba}",
      /at least 8/,
    ],
    ["129 code points", "quilt marble 7 otter ".repeat(7).slice(0, 129), /at most 128/],
    ["a megabyte", "q".repeat(1_000_000), /at most 128/],
    ["a digit run (003-08)", "123456789", /sequential/],
    ["a run down", "87654321", /sequential/],
    ["a letter run", "abcdefghijkl", /sequential/],
    ["a run in another script", "\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438", /sequential/],
    ["one character again and again", "aaaaaaaaaaaa", /sequential or repeating/],
    ["four characters again and again", "zu7!zu7!zu7!zu7!", /sequential or repeating/],
    ["two runs one after the other", "abcd1234efgh5678", /sequential or repeating/],
    ["a run with little around it", "x12345678!", /sequential or repeating/],
    ["a common password", "password1", /Strength/],
    ["a keyboard walk", "qwertyuiop", /Strength/],
    ["the firm's name with a year", "Acme2026!", /name of the firm/],
    ["the person's name", "RobinExample1", /your name/],
    ["the person's address", "robin@mail1", /your address/],
    ["nothing", "", /at least 8/],
  ])("%s", (_, password, reason) => {
    expect(judgePassword(password, known).failures.join(" ")).toMatch(reason);
  });
});

test("all that is wrong is said at once", () => {
  expect(judgePassword("1234567", known).failures.length).toBeGreaterThanOrEqual(3);
});

test("the verdict is one of five words, from Poor to Excellent (003-07)", () => {
  expect(judgePassword("aaaa", known).strength).toBe("Poor");
  expect(judgePassword("quilt marble 7 otter violet", known).strength).toBe("Excellent");
});

test("a name of the firm and the person counts for nothing in the strength (C2)", () => {
  const strange = "zyxolquatrib";
  expect(accepted(strange)).toBe(true);
  expect(judgePassword(strange, [strange]).failures).not.toEqual([]);
});

test("two Unicode forms of one text get one verdict (SEC2)", () => {
  const composed = "cr\u00e8me br\u00fbl\u00e9e sept";
  expect(judgePassword(composed.normalize("NFD"), known)).toEqual(judgePassword(composed, known));
});

test("length is counted in code points of the composed form", () => {
  // Eight letters, each with an accent of its own: sixteen code points before they are composed.
  const decomposed = "\u00e1\u00e9\u00ed\u00f3\u00fa\u00e0\u00e8".normalize("NFD");
  expect(judgePassword(decomposed, []).failures.join(" ")).toMatch(/at least 8/);
});

test("any text at all gets a verdict", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (password) => {
      expect(Array.isArray(judgePassword(password, known).failures)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [
    ["ACME Corporation", "robin.e@mail.example", undefined, null, ""],
    ["acme", "corporation", "robin", "mail", "example"],
  ],
  [["a b cd", "..."], []],
])("the words of %j are %j", (names, words) => {
  expect(wordsOf(...names)).toEqual(words);
});
