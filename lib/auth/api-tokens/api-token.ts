import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Tells programs that look for leaked secrets what they have found. */
const PREFIX = "portal_";

const RANDOM_DIGITS = 30;
const CHECK_DIGITS = 6;

/** How much of a token may be shown again, to tell one from another. */
const HINT_LENGTH = PREFIX.length + 4;

/** A new token: 178 bits, and a checksum by which a mistyped one is known without asking the database. */
export function newApiToken(): { token: string; hint: string } {
  const random = Array.from({ length: RANDOM_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join("");
  const token = `${PREFIX}${random}${checksum(random)}`;
  return { token, hint: token.slice(0, HINT_LENGTH) };
}

/** Whether a bearer token says that it is one of these. */
export function looksLikeApiToken(typed: string): boolean {
  return typed.startsWith(PREFIX);
}

/** Whether it could have been given by a portal. */
export function isWellFormed(typed: string): boolean {
  const body = typed.slice(PREFIX.length);
  const random = body.slice(0, RANDOM_DIGITS);
  const isWhole = body.length === RANDOM_DIGITS + CHECK_DIGITS && /^[0-9A-Za-z]+$/.test(body);
  return looksLikeApiToken(typed) && isWhole && body.slice(RANDOM_DIGITS) === checksum(random);
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
