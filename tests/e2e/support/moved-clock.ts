import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type MovedClock = ReturnType<typeof aClock>;

/** libfaketime, where this machine has it: it moves the clock of the portal and of PostgreSQL together. */
export const FAKETIME = process.env.FAKETIME_LIBRARY;

/** A clock for a whole tree of processes. It runs as usual until it is stopped at a moment. */
export function aClock() {
  const dir = mkdtempSync(join(tmpdir(), "portal-clock-"));
  const file = join(dir, "now");
  let stopped = 0;
  // PostgreSQL may run under another account, and must read it too.
  chmodSync(dir, 0o755);
  writeFileSync(file, "+0", { mode: 0o644 });
  return {
    environment: {
      LD_PRELOAD: FAKETIME ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      TZ: "UTC",
    },
    /** At whole seconds only. */
    stopAt(moment: number): void {
      stopped = moment;
      const text = new Date(moment).toISOString().replace("T", " ").slice(0, 19);
      writeFileSync(file, text);
    },
    stoppedAt: () => stopped,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
