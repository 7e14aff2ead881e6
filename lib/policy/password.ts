import { passwordStrength, STRENGTHS, type Strength } from "./password-strength.ts";
import type { PasswordRules } from "./security-options.ts";

/** No firm may go below (DEC7, S2). */
export const MIN_CODE_POINTS = 8;
export const MAX_CODE_POINTS = 128;

export type CheckId = "length" | "upper" | "letter" | "numeric" | "symbol" | "runs" | "names" | "strength";

/** One line of the checklist beside a new password: what is asked, whether it holds, and what to do when not. */
export type PasswordCheck = { id: CheckId; label: string; met: boolean; failure: string };

export type PasswordVerdict = { strength: Strength; checks: PasswordCheck[]; failures: string[] };

/**
 * Judges a new password (NFC, counted in code points, SEC2) by the firm's rules and the words that anybody would try
 * first: names of the person, the firm and its clients. All failures at once. The same in browser and server; what
 * only the server knows (leaked lists, earlier passwords) comes on top.
 */
export function judgePassword(
  password: string,
  rules: PasswordRules,
  knownWords: readonly string[],
): PasswordVerdict {
  const text = password.normalize("NFC");
  const length = [...text].length;
  if (length > MAX_CODE_POINTS) {
    return { strength: "Poor", checks: [], failures: [`Use at most ${MAX_CODE_POINTS} characters.`] };
  }
  const strength = passwordStrength(text, knownWords);
  const checks = [
    lengthCheck(length, rules),
    ...characterChecks(text, rules),
    namesCheck(text, knownWords),
    runsCheck(text),
    ...strengthCheck(strength, rules),
  ];
  return { strength, checks, failures: checks.filter(({ met }) => !met).map(({ failure }) => failure) };
}

/** The least number of code points that these rules accept. */
export function leastLength({ lengthRequired, minLength }: PasswordRules): number {
  return lengthRequired ? Math.max(minLength, MIN_CODE_POINTS) : MIN_CODE_POINTS;
}

/** Whether a password that earlier rules accepted (none known: undefined) may break these. */
export function mayBreak(accepted: PasswordRules | undefined, rules: PasswordRules): boolean {
  if (!accepted) return true;
  const asked: [now: boolean, then: boolean][] = [
    [rules.upperRequired, accepted.upperRequired],
    [rules.letterRequired, accepted.letterRequired || accepted.upperRequired],
    [rules.numericRequired, accepted.numericRequired],
    [rules.symbolRequired, accepted.symbolRequired],
    [rules.breachList, accepted.breachList],
  ];
  return (
    leastLength(accepted) < leastLength(rules) ||
    STRENGTHS.indexOf(accepted.minStrength) < STRENGTHS.indexOf(rules.minStrength) ||
    asked.some(([now, then]) => now && !then)
  );
}

/** Splits names and addresses into the words that a guess would start with. */
export function wordsOf(...names: (string | undefined | null)[]): string[] {
  const words = names.flatMap((name) => (name ?? "").toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [...new Set(words.filter((word) => word.length >= 3))];
}

function lengthCheck(length: number, rules: PasswordRules): PasswordCheck {
  const least = leastLength(rules);
  const label = `At least ${least} characters`;
  return { id: "length", label, met: length >= least, failure: `Use at least ${least} characters.` };
}

function characterChecks(text: string, rules: PasswordRules): PasswordCheck[] {
  const wanted: [boolean, CheckId, RegExp, string][] = [
    [rules.upperRequired, "upper", /\p{Lu}/u, "an upper case letter"],
    [rules.letterRequired, "letter", /\p{L}/u, "a letter"],
    [rules.numericRequired, "numeric", /\p{Nd}/u, "a number"],
    [rules.symbolRequired, "symbol", /[^\p{L}\p{N}\p{M}]/u, "a symbol, such as ! or -"],
  ];
  return wanted
    .filter(([required]) => required)
    .map(([, id, pattern, what]) => ({
      id,
      label: what.replace(/^./, (first) => first.toUpperCase()),
      met: pattern.test(text),
      failure: `Add ${what}.`,
    }));
}

/** A name with a few characters around it, which a strength estimate takes for better than it is. */
function namesCheck(text: string, knownWords: readonly string[]): PasswordCheck {
  const lower = text.toLowerCase();
  const rest = knownWords.reduce((left, word) => left.replaceAll(word, ""), lower);
  return {
    id: "names",
    label: "Not your name, your address or the name of the firm",
    met: rest === lower || [...rest].length >= MIN_CODE_POINTS,
    failure: "Do not build it from your name, your address or the name of the firm.",
  };
}

/** 003-08: what is left without runs of four and more, or without its repetition, must be a password by itself. */
function runsCheck(text: string): PasswordCheck {
  return {
    id: "runs",
    label: "Not 1234, abcd or the like",
    met: !/^(.{1,4})\1+$/u.test(text) && (!hasRun(text) || lengthWithoutRuns(text) >= MIN_CODE_POINTS),
    failure: "Avoid sequential or repeating characters, such as 1234 or abcd.",
  };
}

const RUN = 4;

const hasRun = (text: string) => lengthWithoutRuns(text) < [...text].length;

/** Code points outside runs: the same again and again, or one after the other, up or down. */
function lengthWithoutRuns(text: string): number {
  const points = [...text.toLowerCase()].map((character) => character.codePointAt(0) ?? 0);
  let outside = 0;
  for (let start = 0; start < points.length; ) {
    const length = Math.max(...[0, 1, -1].map((step) => runFrom(points, start, step)));
    if (length < RUN) outside += 1;
    start += length < RUN ? 1 : length;
  }
  return outside;
}

function runFrom(points: readonly number[], start: number, step: number): number {
  let end = start + 1;
  while (end < points.length && (points[end] ?? 0) - (points[end - 1] ?? 0) === step) end += 1;
  return end - start;
}

function strengthCheck(strength: Strength, { minStrength }: PasswordRules): PasswordCheck[] {
  if (minStrength === "Poor") return [];
  return [
    {
      id: "strength",
      label: `Strength at least ${minStrength}`,
      met: STRENGTHS.indexOf(strength) >= STRENGTHS.indexOf(minStrength),
      failure: `Strength: ${strength}. It has to be at least ${minStrength}: make it longer or less predictable.`,
    },
  ];
}
