import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const RANDOM_DIGITS = 30;
const CHECK_DIGITS = 6;

/** How much of a token may be shown again, to tell one from another. */
const HINT_DIGITS = 4;

/**
 * A new token for a program: 178 bits, and a checksum by which a mistyped one is known without asking the database. The
 * prefix tells programs that look for leaked secrets what they have found.
 */
export function newCheckedToken(prefix: string): { token: string; hint: string } {
  const random = Array.from({ length: RANDOM_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join("");
  const token = `${prefix}${random}${checksum(random)}`;
  return { token, hint: token.slice(0, prefix.length + HINT_DIGITS) };
}

/** Whether it could have been given by a portal. */
export function isCheckedToken(prefix: string, typed: string): boolean {
  const body = typed.slice(prefix.length);
  const random = body.slice(0, RANDOM_DIGITS);
  const isWhole = body.length === RANDOM_DIGITS + CHECK_DIGITS && /^[0-9A-Za-z]+$/.test(body);
  return typed.startsWith(prefix) && isWhole && body.slice(RANDOM_DIGITS) === checksum(random);
}

function checksum(random: string): string {
  let rest = crc32(random);
  let digits = "";
  for (let place = 0; place < CHECK_DIGITS; place += 1) {
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
