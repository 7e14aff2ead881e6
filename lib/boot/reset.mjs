import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { Refusal, say } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { outsideDir } from "./postgres/binaries.mjs";
import { holders } from "./postgres/holders.mjs";
import { clusterOf } from "./postgres/postgres.mjs";
import { serverOn, stopPostmaster } from "./postgres/postmaster.mjs";

/** Removes all local state: embedded database, keys, mail. A database of DATABASE_URL is never touched. */
export async function reset(args) {
  const users = holders(dataDir);
  if (users.length > 0)
    throw new Refusal(`A portal still runs from ${dataDir} (pid ${users.join(", ")}). Stop it first.`);
  if (!existsSync(dataDir)) return say(`Nothing to remove: ${dataDir} is not there.`);
  if (!args.includes("--yes")) await confirm();
  await removeCluster();
  rmSync(dataDir, { recursive: true, force: true });
  say(`Removed ${dataDir}. The next start makes a new portal.`);
  if (process.env.DATABASE_URL) say("The database of DATABASE_URL is as it was.");
}

async function confirm() {
  if (!process.stdin.isTTY) throw new Refusal("Nothing was removed. Say so with: npm run reset -- --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `Remove ${dataDir} with the embedded database and its keys? (yes/no) `,
  );
  terminal.close();
  if (answer.trim().toLowerCase() !== "yes") throw new Refusal("Nothing was removed.");
}

// One that a killed start left running, or data that lie outside because PostgreSQL could not get into the checkout.
async function removeCluster() {
  const { dir } = clusterOf(dataDir);
  const pid = serverOn(dir);
  if (pid) await stopPostmaster(pid);
  if (dir.startsWith(outsideDir)) rmSync(dirname(dir), { recursive: true, force: true });
}
