import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { inHashQueue } from "#lib/auth/password/hash-queue.ts";
import { singletons } from "./settings.ts";

/** Keeps every place of the hash queue taken, so that a use case stops where it would hash. */
export function holdHashQueue() {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const held = Array.from({ length: availableParallelism() }, () => inHashQueue(() => gate));
  return {
    /** Lets as many of a firm wait as are let in at all. */
    async fill(firm: string): Promise<void> {
      for (let full = false; !full; ) {
        const place = inHashQueue(() => gate, firm);
        held.push(place);
        full = await Promise.race([
          place.then(
            () => false,
            () => true,
          ),
          setTimeout(0, false),
        ]);
      }
      held.pop();
    },
    /** Comes back when somebody waits for a place. */
    async someoneWaits(): Promise<void> {
      for (let tries = 0; tries < 500 && waiting() === 0; tries += 1) await setTimeout(10);
      if (waiting() > 0) return;
      open();
      throw new Error("Nobody came to hash.");
    },
    async release(): Promise<void> {
      open();
      await Promise.all(held);
    },
  };
}

function waiting(): number {
  const queue = singletons()["hash-queue"] as { lines: Map<string, { waiting: unknown[] }> } | undefined;
  return [...(queue?.lines.values() ?? [])].reduce((sum, line) => sum + line.waiting.length, 0);
}
