import { pbkdf2, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { sameBytes } from "#lib/core/crypto.ts";
import type { ForeignHash } from "./foreign-hash.ts";

const deriveByPbkdf2 = promisify(pbkdf2);

const MOST_ITERATIONS = 2_000_000;
/** A key is derived block by block, and each of them takes all iterations. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 };
const MOST_MEMORY_BYTES = 256 * 1024 * 1024;
/** N times r times p: what a verification takes of a core. */
const MOST_WORK = 2 ** 21;

/** Shorter ones fit too many passwords. */
const KEY_BYTES = { least: 16, most: 128 };

export type Pbkdf2 = { digest: "sha1" | "sha256" | "sha512"; iterations: number; salt: Buffer; key: Buffer };

export function pbkdf2Hash({ digest, iterations, salt, key }: Pbkdf2): ForeignHash {
  if (!isLongEnough(key)) return { refused: CUT_OFF };
  const rounds = iterations * Math.ceil(key.length / DIGEST_BYTES[digest]);
  if (iterations < 1 || rounds > MOST_ITERATIONS) {
    return {
      refused: `This PBKDF2 hash takes ${rounds} iterations in all; 1 to ${MOST_ITERATIONS} are taken.`,
    };
  }
  return {
    verify: async (password) =>
      sameBytes(await deriveByPbkdf2(password, salt, iterations, key.length, digest), key),
  };
}

export type ScryptCost = { N: number; r: number; p: number };

export function scryptHash(cost: ScryptCost, salt: Buffer, key: Buffer): ForeignHash {
  const refused = isLongEnough(key) ? whyNotScrypt(cost) : CUT_OFF;
  if (refused) return { refused };
  return {
    verify: async (password) => sameBytes(await deriveByScrypt(password, salt, key.length, cost), key),
  };
}

/** Why such a cost is not taken; undefined when it is. */
export function whyNotScrypt({ N, r, p }: ScryptCost): string | undefined {
  const isPower = Number.isInteger(Math.log2(N)) && N > 1;
  if (!isPower || r < 1 || p < 1) return "The parameters of this scrypt hash are none that scrypt takes.";
  const tooMuch = memoryOf({ N, r, p }) > MOST_MEMORY_BYTES || N * r * p > MOST_WORK;
  return tooMuch ? `This scrypt hash costs too much: N=${N}, r=${r}, p=${p}.` : undefined;
}

export function deriveByScrypt(
  password: string,
  salt: Buffer,
  length: number,
  { N, r, p }: ScryptCost,
): Promise<Buffer> {
  const maxmem = memoryOf({ N, r, p }) + 1024 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

const memoryOf = ({ N, r, p }: ScryptCost) => 128 * r * (N + p);

const CUT_OFF = "This hash is cut off, or longer than any that is taken.";

function isLongEnough({ length }: Buffer): boolean {
  return length >= KEY_BYTES.least && length <= KEY_BYTES.most;
}
