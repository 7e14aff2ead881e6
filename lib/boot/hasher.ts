import { existsSync, readdirSync } from "node:fs";
import { setPriority } from "node:os";
import type { HashAnswer, HashWork } from "#lib/auth/password/hash-processes.ts";
import { makeHash, matchesHash } from "#lib/auth/password/make-hash.ts";

/** Of the 19 steps down: what answers goes first, and what hashes still gets most of a core that is free. */
const NICENESS = 10;
const THREADS = "/proc/self/task";

giveWay();

process.on("message", async (work: HashWork) => {
  const answer = await answerTo(work);
  process.send?.(answer, undefined, undefined, () => undefined);
});

// Closed by the server, or by its death, however it came about.
process.once("disconnect", () => process.exit(0));
// A signal to the whole group is the server's to follow: it still has requests to answer, and hashes to ask for.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

async function answerTo({ stored, password }: HashWork): Promise<HashAnswer> {
  try {
    const result = await (stored === undefined ? makeHash(password) : matchesHash(stored, password));
    return { result };
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : "The hash could not be made." };
  }
}

/** Linux has a priority for each thread; those that come later take over the first one's. */
function giveWay(): void {
  const threads = existsSync(THREADS) ? readdirSync(THREADS).map(Number) : [process.pid];
  for (const thread of threads) {
    try {
      setPriority(thread, NICENESS);
    } catch {
      // It hashes all the same.
    }
  }
}
