import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { sameBytes } from "#lib/core/crypto.ts";
import type { HashReader } from "./foreign-hash.ts";

const DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SHAPE = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/;
const ROUNDS_LOG2 = { least: 7, most: 18 };

/** Rounds without a break: about two milliseconds, in which the server answers nobody. */
const SLICE = 1024;

/** The portable hashes of WordPress, phpBB and others. */
export const readPhpass: HashReader = (stored) => {
  const [, count, salt, key] = SHAPE.exec(stored) ?? [];
  if (count === undefined || salt === undefined || key === undefined) return undefined;
  const log2 = DIGITS.indexOf(count);
  if (log2 < ROUNDS_LOG2.least || log2 > ROUNDS_LOG2.most) {
    return {
      refused: `This hash takes 2^${log2} rounds; 2^${ROUNDS_LOG2.least} to 2^${ROUNDS_LOG2.most} are taken.`,
    };
  }
  return {
    verify: async (password) =>
      sameBytes(Buffer.from(encode(await stretch(password, salt, 2 ** log2))), Buffer.from(key)),
  };
};

async function stretch(password: string, salt: string, rounds: number): Promise<Buffer> {
  const text = Buffer.from(password, "utf8");
  let digest = md5(Buffer.from(salt), text);
  for (let round = 1; round <= rounds; round++) {
    digest = md5(digest, text);
    if (round % SLICE === 0) await setImmediate();
  }
  return digest;
}

const md5 = (...parts: Buffer[]) => createHash("md5").update(Buffer.concat(parts)).digest();

/** Base64 with digits of its own, the lowest bits of each three bytes first. */
function encode(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3);
    const value = group.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
    for (let digit = 0; digit <= group.length; digit++) text += DIGITS[Math.floor(value / 64 ** digit) % 64];
  }
  return text;
}
