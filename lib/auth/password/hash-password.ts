import { randomToken } from "#lib/core/crypto.ts";
import { processSingleton } from "#lib/core/process.ts";
import { inHashQueue } from "./hash-queue.ts";
import { isOfToday, makeHash } from "./make-hash.ts";

/** The argon2id hash of a password's NFC form, in the line of the firm with this id. Throws overloaded when too many wait. */
export function hashPassword(password: string, firm?: string): Promise<string> {
  return inHashQueue(({ hash }) => hash(password), firm);
}

/**
 * Whether a password is the one of a hash, ours or one that was imported (D6). Without a hash it does the work of one of
 * ours and says no: an unknown name must not answer sooner (SEC12). Throws overloaded when too many wait.
 */
export async function verifyPassword(
  stored: string | undefined,
  password: string,
  firm?: string,
): Promise<boolean> {
  const against = stored ?? (await dummyHash());
  const matches = await inHashQueue(({ verify }) => verify(against, password), firm);
  return matches && stored !== undefined;
}

/** Whether a hash was made with other parameters than today's. */
export function needsRehash(stored: string): boolean {
  return !isOfToday(stored);
}

/** Made at the first use; the server makes it when it starts, so that no visitor pays for it. */
export function dummyHash(): Promise<string> {
  return processSingleton("dummy-hash", () => makeHash(randomToken()));
}
