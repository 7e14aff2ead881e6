import { randomBytes } from "node:crypto";
import { makeHash } from "#lib/auth/password/make-hash.ts";

export type Password = { password: string; hash: string };

/** Hashing is dear: firms share so many. */
export const PASSWORDS = 60;

/** Hashes them for all processes of a run, while its portal starts. */
export async function hashPasswords(): Promise<void> {
  const word = () => randomBytes(3).toString("hex");
  const made = Array.from({ length: PASSWORDS }, async () => {
    const password = Array.from({ length: 4 }, word).join("-");
    return { password, hash: await makeHash(password) };
  });
  process.env.TEST_PASSWORDS = JSON.stringify(await Promise.all(made));
}

/** None where nobody has hashed any. */
export const passwordsOfRun = (): Password[] => JSON.parse(process.env.TEST_PASSWORDS ?? "[]");
