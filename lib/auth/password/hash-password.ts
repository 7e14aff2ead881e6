import { hash, verify } from "@node-rs/argon2";
import { randomToken } from "#lib/core/crypto.ts";
import { processSingleton } from "#lib/core/process.ts";
import { verifyForeignHash } from "./foreign/foreign-hash.ts";
import { inHashQueue } from "./hash-queue.ts";

// The library's enum exists in its types only.
const ARGON2ID = 2;

// OWASP Password Storage; ASVS 11.4.2. Raise them here and every hash follows at its owner's next sign-in.
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The argon2id hash of a password's NFC form. Throws overloaded when too many wait. */
export function hashPassword(password: string): Promise<string> {
  return inHashQueue(() => hash(password.normalize("NFC"), PARAMETERS));
}

/**
 * Whether a password is the one of a hash, ours or one that was imported (D6). Without a hash it does the work of one of
 * ours and says no: an unknown name must not answer sooner (SEC12). Throws overloaded when too many wait.
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await dummyHash());
  const matches = await inHashQueue(() =>
    needsRehash(against) ? verifyForeignHash(against, password) : verify(against, password.normalize("NFC")),
  );
  return matches && stored !== undefined;
}

/** Whether a hash was made with other parameters than today's. */
export function needsRehash(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = PARAMETERS;
  return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}

/** Made at the first use; the server makes it when it starts, so that no visitor pays for it. */
export function dummyHash(): Promise<string> {
  return processSingleton("dummy-hash", () => hash(randomToken(), PARAMETERS));
}
