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
    /** Lets `waiting` more wait, as many as are let in at all when it is left out. */
    async fill(): Promise<void> {
      for (let full = false; !full; ) {
        const place = inHashQueue(() => gate);
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
  return (singletons()["hash-queue"] as { waiting: unknown[] } | undefined)?.waiting.length ?? 0;
}
