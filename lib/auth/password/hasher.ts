import { availableParallelism } from "node:os";
import { processSingleton } from "#lib/core/process.ts";
import { makeHash, matchesHash } from "./make-hash.ts";

/** Where hashes are made, and how many of them at a time. */
export type Hasher = {
  places: number;
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
};

/** This very process, unless others were installed: programs of the command line, the worker, tests. */
export function hasher(): Hasher {
  return installed().hasher;
}

/** From now on hashes are made there. The pages' bundle and boot's share it. */
export function installHasher(hasher: Hasher): void {
  installed().hasher = hasher;
}

const installed = () => processSingleton("hasher", () => ({ hasher: ownProcess() }));

const ownProcess = (): Hasher => ({ places: availableParallelism(), hash: makeHash, verify: matchesHash });
