/** What people type, what they are told not to, and what nobody would: always the same ones, no two alike. */
export function manyPasswords(count: number): string[] {
  const random = seeded(20_261_122);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const some = (most: number, piece: () => string) =>
    Array.from({ length: 1 + Math.floor(random() * most) }, piece).join("");
  const kinds: (() => string)[] = [
    () => some(3, () => pick(WORDS)) + pick(TAILS),
    () => pick(WORDS).replace(/^./, (first) => first.toUpperCase()) + pick(TAILS),
    () => Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(WORDS)).join(pick([" ", "-", ""])),
    () => some(20, () => pick([..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!-_.? "])),
    () => some(12, () => String.fromCodePoint(0xa1 + Math.floor(random() * 0x2_000))),
    () =>
      some(9, () => pick(["\u{1f9a6}", "e\u0301", "\u00e9", "\u212b", "\u0430\u0431\u0432\u0433", "\ufb01"])),
    () => pick(RUNS).slice(Math.floor(random() * 4)) + pick(TAILS),
    () => pick(WORDS).repeat(1 + Math.floor(random() * 4)),
    () => some(10, () => pick([..."\u0000\t\n\u007f\ud800 "])) + pick(WORDS),
  ];
  const passwords = new Set(["", "1234", "abcd", "aaaa", "q".repeat(129)]);
  while (passwords.size < count) passwords.add(pick(kinds)());
  return [...passwords];
}

const WORDS = [
  ..."acme corporation kowalska studio robin example password welcome dragon monkey letmein".split(" "),
  ..."summer winter quilt marble otter violet anchor drum copper lantern velvet kiosk orbit".split(" "),
];

const TAILS = ["", "1", "!", "26", "2026", "2026!", "123", "1234", "abcd", "_x7#", " 7 ", "aaaa", "4321"];

const RUNS = [
  "abcdefghijklm",
  "zyxwvutsrq",
  "0123456789",
  "9876543210",
  "aaaaaaaaaaaa",
  "qwertyuiopas",
  "12121212",
];

/** Mulberry32: numbers from 0 to 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
