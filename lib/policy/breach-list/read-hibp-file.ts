import { createReadStream, statSync } from "node:fs";
import { BreachListError } from "./breach-list-error.ts";
import { KEY_BITS } from "./password-key.ts";
import type { KeySource } from "./write-breach-filter.ts";

const CHUNK_BYTES = 2 ** 20;
const NOTED_LINES = 10_000_000;

const HASH_DIGITS = 40;
const KEY_DIGITS = KEY_BITS / 4;
const MAX_LINE_BYTES = 100;

const [NEWLINE, RETURN, COLON, ZERO, NINE] = [10, 13, 58, 48, 57];

/**
 * The keys of a file of Have I Been Pwned: `<SHA-1 in hexadecimal>:<count>` on each line, in any order. A file of any
 * length needs a few MiB of memory. Throws BreachListError with the number of the first line that is none.
 */
export function readHibpFile(path: string): KeySource {
  return async (add, { note, signal }) => {
    const { size } = statSync(path);
    let [lines, read] = [0, 0];
    let rest: Buffer = Buffer.alloc(0);
    const take = (bytes: Buffer, from: number, end: number) => {
      lines += 1;
      add(keyOfLine(bytes, from, end) ?? refuseLine(path, lines));
      if (lines % NOTED_LINES === 0) note?.(noteOf(lines, read / size));
    };
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) {
      rest = takeLines(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, take);
      read += chunk.length;
      if (rest.length > MAX_LINE_BYTES) refuseLine(path, lines + 1);
    }
    if (rest.length > 0) take(rest, 0, rest.length);
    note?.(noteOf(lines, 1));
  };
}

function noteOf(lines: number, share: number): string {
  return `${lines.toLocaleString("en")} lines read, ${Math.floor(share * 100)} %`;
}

/** Gives what stands after the last end of a line. */
function takeLines(bytes: Buffer, take: (bytes: Buffer, from: number, end: number) => void): Buffer {
  let from = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
    take(bytes, from, end);
    from = end + 1;
  }
  return bytes.subarray(from);
}

function keyOfLine(bytes: Buffer, from: number, newline: number): number | undefined {
  const end = bytes[newline - 1] === RETURN ? newline - 1 : newline;
  const afterHash = from + HASH_DIGITS;
  if (end < afterHash || !isCount(bytes, afterHash, end)) return undefined;
  let key = 0;
  for (let at = from; at < afterHash; at++) {
    const digit = DIGITS[bytes[at] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return undefined;
    if (at < from + KEY_DIGITS) key = key * 16 + digit;
  }
  return key;
}

/** Some leave the count out. */
function isCount(bytes: Buffer, from: number, end: number): boolean {
  if (from === end) return true;
  if (bytes[from] !== COLON || from + 1 === end) return false;
  for (let at = from + 1; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}

function refuseLine(path: string, line: number): never {
  throw new BreachListError(
    `${path}, line ${line}: expected 40 hexadecimal digits (a SHA-1), a colon and a count.`,
  );
}

const NO_DIGIT = 255;

/** The value of each byte as a hexadecimal digit, of either case. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return value === -1 ? NO_DIGIT : value;
});
