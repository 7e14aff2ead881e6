import { passwordStrength, STRENGTHS, type Strength } from "./password-strength.ts";

export const MIN_CODE_POINTS = 8;
export const MAX_CODE_POINTS = 128;
export const MIN_STRENGTH: Strength = "Acceptable";

export type PasswordVerdict = { strength: Strength; failures: string[] };

/**
 * Judges a new password (NFC, counted in code points, SEC2) against the rules and the words that anybody would
 * try first: names of the person, the firm and the product. All failures at once.
 */
export function judgePassword(password: string, knownWords: readonly string[]): PasswordVerdict {
  const text = password.normalize("NFC");
  const length = [...text].length;
  if (length > MAX_CODE_POINTS) {
    return { strength: "Poor", failures: [`Use at most ${MAX_CODE_POINTS} characters.`] };
  }
  const strength = passwordStrength(text, knownWords);
  const failures = [
    length < MIN_CODE_POINTS && `Use at least ${MIN_CODE_POINTS} characters.`,
    isMostlyAName(text, knownWords) &&
      "Do not build it from your name, your address or the name of the firm.",
    isRun(text) && "Avoid sequential or repeating characters, such as 1234 or abcd.",
    STRENGTHS.indexOf(strength) < STRENGTHS.indexOf(MIN_STRENGTH) &&
      `Strength: ${strength}. It has to be at least ${MIN_STRENGTH}: make it longer or less predictable.`,
  ];
  return { strength, failures: failures.filter((failure) => failure !== false) };
}

/** Splits names and addresses into the words that a guess would start with. */
export function wordsOf(...names: (string | undefined | null)[]): string[] {
  const words = names.flatMap((name) => (name ?? "").toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [...new Set(words.filter((word) => word.length >= 3))];
}

/** A name with a few characters around it, which a strength estimate takes for better than it is. */
function isMostlyAName(text: string, knownWords: readonly string[]): boolean {
  const rest = knownWords.reduce((left, word) => left.replaceAll(word, ""), text.toLowerCase());
  return rest !== text.toLowerCase() && [...rest].length < MIN_CODE_POINTS;
}

/** One character again and again, or a single run up or down the code points. */
function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = points.slice(1).map((point, index) => point - (points[index] ?? 0));
  return steps.length > 0 && [0, 1, -1].some((step) => steps.every((taken) => taken === step));
}
