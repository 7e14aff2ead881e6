import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, processIdentity } from "../identity.mjs";

/**
 * Signs this process in as a user of the portal's own PostgreSQL.
 *
 * @returns {() => boolean} signs out, and says whether nobody living is left
 */
export function holdDatabase(stateDir) {
  const dir = join(stateDir, "holders");
  mkdirSync(dir, { recursive: true });
  const mine = join(dir, String(process.pid));
  writeFileSync(mine, processIdentity());
  return () => {
    rmSync(mine, { force: true });
    return holders(stateDir).length === 0;
  };
}

/** The pids of living processes that use the portal's own PostgreSQL; forgets those that died. */
export function holders(stateDir) {
  const dir = join(stateDir, "holders");
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((name) => isAliveOrForgotten(join(dir, name)));
}

function isAliveOrForgotten(file) {
  if (isAlive(readIfThere(file))) return true;
  rmSync(file, { force: true });
  return false;
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
