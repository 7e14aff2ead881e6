/** How many earlier passwords a new one is compared with in the shape of variants: each costs a hash. */
const MOST_VARIANTS = 8;

/** Edits by which a password may differ from the one before and still be taken for a copy of it. */
const FEW_EDITS = 2;

/** Whether somebody who knows the old password would guess the new one at once (C4): Summer26! > Summer27!. */
export function isNearCopy(old: string, next: string): boolean {
  const [one, other] = [fold(old), fold(next)];
  if (distanceAtMost(one, other, FEW_EDITS)) return true;
  // Folded, "m@rble" is the word it was; unfolded, the digits of "Summer1999" are no letters of it.
  return haveSameLetters(one, other) || haveSameLetters(lower(old), lower(next));
}

const WORD = 4;

function haveSameLetters(one: string, other: string): boolean {
  const letters = lettersOf(one);
  return letters.length >= WORD && letters === lettersOf(other);
}

/**
 * What the old password may have been, where only its hash is left: the new one with another number, another first or
 * last character. Few, since each is tried against a slow hash.
 */
export function nearVariants(next: string): string[] {
  const text = next.normalize("NFC");
  const last = text.match(/\d+(?=\D*$)/)?.[0];
  const numbers = last === undefined ? [] : [-1, 1, -2, -3].map((step) => withNumber(text, last, step));
  const [first = "", ...rest] = [...text];
  const flipped = first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase();
  const edges = [[...text].slice(0, -1).join(""), flipped + rest.join(""), `${text}!`, `${text}1`];
  return [...new Set([...numbers, ...edges])]
    .filter((variant) => variant !== text && variant !== "")
    .slice(0, MOST_VARIANTS);
}

function withNumber(text: string, digits: string, step: number): string {
  const next = Number(digits) + step;
  if (next < 0 || !Number.isSafeInteger(next)) return "";
  const at = text.lastIndexOf(digits);
  return text.slice(0, at) + String(next).padStart(digits.length, "0") + text.slice(at + digits.length);
}

function fold(text: string): string {
  const alike: Record<string, string> = {
    "@": "a",
    "4": "a",
    "3": "e",
    "1": "i",
    "!": "i",
    "0": "o",
    $: "s",
    "5": "s",
  };
  return [...lower(text)].map((character) => alike[character] ?? character).join("");
}

const lower = (text: string) => text.normalize("NFC").toLowerCase();

const lettersOf = (text: string) => text.replace(/[^\p{L}]/gu, "");

function distanceAtMost(one: string, other: string, most: number): boolean {
  const [a, b] = [[...one], [...other]];
  if (Math.abs(a.length - b.length) > most) return false;
  const first = Array.from({ length: b.length + 1 }, (_, column) => column);
  return (a.reduce((row, character) => nextRow(row, character, b), first).at(-1) ?? 0) <= most;
}

/** One line of Levenshtein's table. */
function nextRow(row: readonly number[], character: string, other: readonly string[]): number[] {
  const at = (index: number) => row[index] ?? 0;
  const next = [at(0) + 1];
  for (const [column, another] of other.entries()) {
    const replaced = at(column) + (character === another ? 0 : 1);
    next.push(Math.min(replaced, at(column + 1) + 1, (next[column] ?? 0) + 1));
  }
  return next;
}
