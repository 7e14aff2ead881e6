import { readArgon2 } from "./argon2.ts";
import { readAspNetIdentity } from "./asp-net-identity.ts";
import { readBcrypt } from "./bcrypt.ts";
import { readFirebaseScrypt } from "./firebase-scrypt.ts";
import { readPbkdf2 } from "./pbkdf2.ts";
import { readPhpass } from "./phpass.ts";
import { readScrypt } from "./scrypt.ts";

/** A hash that another system has made: how a password is held against it, or why it is not taken here. */
export type ForeignHash = { verify: (password: string) => Promise<boolean> } | { refused: string };

/** Reads the hashes of one system; undefined for what is none of them. */
export type HashReader = (stored: string) => ForeignHash | undefined;

const READERS: HashReader[] = [
  readBcrypt,
  readArgon2,
  readScrypt,
  readPbkdf2,
  readAspNetIdentity,
  readPhpass,
  readFirebaseScrypt,
];

/** Undefined for a text that no system known here would write. */
export function readForeignHash(stored: string): ForeignHash | undefined {
  for (const read of READERS) {
    const hash = read(stored);
    if (hash) return hash;
  }
  return undefined;
}

/**
 * Whether a password is the one of another system's hash: as it was typed, for most systems change nothing about it, or
 * in its NFC form.
 */
export async function verifyForeignHash(stored: string, password: string): Promise<boolean> {
  const hash = readForeignHash(stored);
  if (!hash || "refused" in hash) return false;
  for (const form of new Set([password, password.normalize("NFC")])) {
    if (await hash.verify(form)) return true;
  }
  return false;
}
