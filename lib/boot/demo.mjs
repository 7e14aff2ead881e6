import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { runNode } from "./run.mjs";

/** @typedef {{ firm: string, slug: string, role: string, username: string, password: string }} Credential */

/** Makes the demo firms at the first call. */
export async function seedDemo(program, env) {
  const code = await runNode(["--enable-source-maps", program], { env });
  if (code !== 0) throw new Refusal("The demo firms could not be made; the reason stands above.");
}

/** @returns {Credential[]} */
export function demoCredentials() {
  const file = join(dataDir, "demo-credentials.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}
