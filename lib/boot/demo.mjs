import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { Refusal } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { runNode } from "./run.mjs";

/** @typedef {{ firm: string, slug: string, role: string, username: string, password: string }} Credential */

/** Makes the demo firms at the first call. One start at a time: each would print other passwords. */
export async function seedDemo(program, env) {
  const seed = () => runNode(["--enable-source-maps", program], { env });
  const code = await withLock(join(dataDir, "seed.lock"), seed);
  if (code !== 0) throw new Refusal("The demo firms could not be made; the reason stands above.");
}

/** @returns {Credential[]} */
export function demoCredentials() {
  const file = join(dataDir, "demo-credentials.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}
