import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from "node:crypto";
import { env } from "./env.ts";
import { processSingleton } from "./process.ts";

export type KeyPurpose =
  | "host-stamp"
  | "one-time-code"
  | "temporary-password"
  | "outbox"
  | "decoy"
  | "authjs"
  | "totp-secret"
  | "recovery-code"
  | "passkey-challenge"
  | "passkey-user"
  | "connection-secret";

type Key = { id: string; secret: Buffer };

const TOKEN_BYTES = 32;
const TAG_BYTES = 16;

/** 256 random bits, URL-safe (SEC20, SEC44). */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Digits to type, without modulo bias (SEC21). */
export function randomCode(digits: number): string {
  return String(randomInt(0, 10 ** digits)).padStart(digits, "0");
}

/** Letters and digits that nobody takes for one another. */
const READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Four groups of four, 80 random bits: to be typed from a mail or read out (SEC10). Holds a letter and a digit. */
export function randomReadable(): string {
  const group = () => Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join("");
  const text = Array.from({ length: 4 }, group).join("-");
  return /[A-Z]/.test(text) && /[2-9]/.test(text) ? text : randomReadable();
}

/** For secrets of 128 bits or more; shorter ones need `keyedHash`. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The newest key of a purpose, derived from PORTAL_KEYS by HKDF with the purpose as its label (DEC4). */
export function newestKey(purpose: KeyPurpose): Key {
  const [newest] = keyRing(purpose);
  if (!newest) throw new Error("PORTAL_KEYS holds no key.");
  return newest;
}

/** HMAC-SHA-256 over the parts, each delimited by its length so that no two lists of parts collide (INC29). */
export function keyedHash(key: Key, ...parts: string[]): Buffer {
  const mac = createHmac("sha256", key.secret);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest();
}

/** The key that made a value, by the id stored beside it; undefined once it has been rotated away. */
export function keyById(purpose: KeyPurpose, id: string): Key | undefined {
  return keyRing(purpose).find((key) => key.id === id);
}

/** A text with its MAC, for headers and cookies that we make and read ourselves. */
export function sign(purpose: KeyPurpose, text: string): string {
  return `${text}.${keyedHash(newestKey(purpose), text).toString("base64url")}`;
}

/** The text of a signed value, or undefined when no key of the ring has signed it. */
export function verifySigned(purpose: KeyPurpose, signed: string): string | undefined {
  const dot = signed.lastIndexOf(".");
  if (dot < 0) return undefined;
  const text = signed.slice(0, dot);
  const mac = Buffer.from(signed.slice(dot + 1), "base64url");
  return keyRing(purpose).some((key) => sameBytes(keyedHash(key, text), mac)) ? text : undefined;
}

/** AES-256-GCM, `v1:key:iv:ciphertext:tag`; `place` (firm, table, row) is authenticated, so a value cannot be moved. */
export function seal(purpose: KeyPurpose, place: string, plaintext: string): string {
  const key = newestKey(purpose);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.secret, iv).setAAD(Buffer.from(place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64url"));
  return ["v1", key.id, ...parts].join(":");
}

/** Undoes `seal`. Throws when the value was changed, moved, or its key is gone. */
export function unseal(purpose: KeyPurpose, place: string, sealed: string): string {
  const [version, keyId = "", ...parts] = sealed.split(":");
  const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  const key = keyById(purpose, keyId);
  if (version !== "v1" || !key || !iv || !ciphertext || !tag) {
    throw new Error(`A sealed value of ${purpose} cannot be opened: its key ${keyId} is not in PORTAL_KEYS.`);
  }
  // The length too: else a tag of four bytes would do, and those can be guessed.
  const decipher = createDecipheriv("aes-256-gcm", key.secret, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
}

export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** All keys of a purpose, the newest first. */
export function keyRing(purpose: KeyPurpose): Key[] {
  return processSingleton(`keys:${purpose}`, () =>
    env().PORTAL_KEYS.map((key) => ({
      id: createHash("sha256").update(`portal-key-id:${key}`).digest("hex").slice(0, 8),
      secret: Buffer.from(hkdfSync("sha256", key, "", `portal:${purpose}`, 32)),
    })),
  );
}
