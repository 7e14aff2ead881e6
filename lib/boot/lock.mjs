import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "./identity.mjs";

const POLL_MS = 200;
const UNSIGNED_GRACE_MS = 5_000;

/**
 * Holds a folder as a lock while `work` runs. A lock whose holder is gone is taken over.
 *
 * @template T
 * @param {string} dir
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when somebody else has it
 */
export async function withLock(dir, work, onWait) {
  mkdirSync(dirname(dir), { recursive: true });
  for (let waited = false; !tryTake(dir); waited = true) {
    if (!waited) onWait?.();
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function tryTake(dir) {
  try {
    mkdirSync(dir);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isAbandoned(dir)) moveAway(dir);
    return false;
  }
  writeFileSync(join(dir, "pid"), processIdentity());
  return true;
}

function isAbandoned(dir) {
  try {
    return !isAlive(readFileSync(join(dir, "pid"), "utf8"));
  } catch {
    return isOlderThan(dir, UNSIGNED_GRACE_MS);
  }
}

function isOlderThan(path, ms) {
  try {
    return Date.now() - statSync(path).mtimeMs > ms;
  } catch {
    return false;
  }
}

// Of several that find it abandoned only one succeeds in renaming it.
function moveAway(dir) {
  const aside = `${dir}.stale-${process.pid}`;
  try {
    renameSync(dir, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
