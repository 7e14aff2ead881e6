import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "./lock.mjs";
import { Refusal, say, step } from "./output.mjs";
import { checkoutDataDir, ensureDataDir, repoDir } from "./paths.mjs";
import { lastLines, run } from "./run.mjs";

const stampFile = join(repoDir, "node_modules", ".portal-stamp");

/** Installs what package.json names, unless the stamp says that it is there. */
export async function ensureDependencies() {
  if (dependenciesAreCurrent()) return;
  ensureDataDir();
  await step("dependencies", async (note) => {
    await withLock(
      join(checkoutDataDir, "lock"),
      () => installUnlessDone(note),
      () => say("  another start is installing, waiting for it"),
    );
  });
}

export function dependenciesAreCurrent() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === wantedStamp();
}

async function installUnlessDone(note) {
  if (dependenciesAreCurrent()) return note("installed meanwhile");
  const log = join(checkoutDataDir, "install.log");
  const [command, args] = npm();
  // Never `npm ci`: a lock file made where other platforms' packages are not served is refused by it.
  // NODE_ENV=production would leave out the compiler that `next build` needs.
  const options = ["install", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const code = await run(command, [...args, ...options, "--loglevel=error"], { logFile: log });
  if (code !== 0) throw new Refusal(installFailed(log));
  writeFileSync(stampFile, wantedStamp());
  return note("installed");
}

// libc counts: a node_modules folder copied from glibc to musl holds the wrong binaries.
function wantedStamp() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) {
    const path = join(repoDir, file);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.update(`${process.platform}-${process.arch}-${libc()}`).digest("hex");
}

function libc() {
  if (process.platform !== "linux") return "";
  return existsSync("/etc/alpine-release") || existsSync("/lib/ld-musl-x86_64.so.1") ? "musl" : "glibc";
}

function npm() {
  const beside = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath ?? "",
    join(beside, "node_modules/npm/bin/npm-cli.js"),
    join(beside, "../lib/node_modules/npm/bin/npm-cli.js"),
  ];
  const script = scripts.find((path) => path.endsWith("npm-cli.js") && existsSync(path));
  return script ? [process.execPath, [script]] : ["npm", []];
}

function installFailed(log) {
  return [
    lastLines(log),
    "",
    `npm install failed; the whole output is in ${log}.`,
    "Without a network, put an npm mirror's address into the variable npm_config_registry, or copy node_modules from",
    "a machine of the same kind. Then run the same command again: it goes on where it stopped.",
  ].join("\n");
}
