import { join } from "node:path";
import { startHashProcesses } from "#lib/auth/password/hash-processes.ts";
import { installHasher } from "#lib/auth/password/hasher.ts";
import { singletons } from "./settings.ts";

export const HASHER = join(import.meta.dirname, "../../lib/boot/hasher.ts");

/** Has the hashes of this file of tests made by processes of their own, as the server does. */
export function withHashProcesses(count: number, program = HASHER): { end(): void } {
  const hasher = startHashProcesses(program, count);
  installHasher(hasher);
  return {
    end() {
      hasher.end();
      delete singletons().hasher;
    },
  };
}
