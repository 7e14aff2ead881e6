import { hash, verify } from "@node-rs/argon2";
import { verifyForeignHash } from "./foreign/foreign-hash.ts";

// The library's enum exists in its types only.
const ARGON2ID = 2;

// OWASP Password Storage; ASVS 11.4.2. Raise them here and every hash follows at its owner's next sign-in.
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The argon2id hash of a password's NFC form, made at once and in this process. */
export function makeHash(password: string): Promise<string> {
  return hash(password.normalize("NFC"), PARAMETERS);
}

/** Whether a password is the one of a hash, ours or one that was imported (D6), found at once and in this process. */
export function matchesHash(stored: string, password: string): Promise<boolean> {
  return isOfToday(stored) ? verify(stored, password.normalize("NFC")) : verifyForeignHash(stored, password);
}

/** Whether a hash was made by us and with today's parameters. */
export function isOfToday(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = PARAMETERS;
  return stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}
