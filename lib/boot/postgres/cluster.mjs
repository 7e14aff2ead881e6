import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Refusal, say } from "../output.mjs";
import { asAccount, giveTo, serverEnvironment } from "./account.mjs";
import { serverOn } from "./postmaster.mjs";

/** @typedef {{ dir: string, account?: import("./account.mjs").Account, superuserPassword: string }} Cluster */

/** The major version that made this data folder, or undefined where there is no whole one. */
export function majorOf(dir) {
  const version = join(dir, "PG_VERSION");
  if (!existsSync(version) || !existsSync(join(dir, "global", "pg_control"))) return undefined;
  return Number(readFileSync(version, "utf8"));
}

/** Makes the data folder. It appears under its name only when it is whole, so a kill leaves nothing to repair. */
export function createCluster({ dir, account, superuserPassword }, binaries) {
  removeDrafts(dir);
  const draft = `${dir}.new-${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  giveTo(account, draft);
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  giveTo(account, passwordFile);
  try {
    initialise(binaries, draft, passwordFile, account);
    writeFileSync(join(draft, SEAL), seal(superuserPassword));
    renameSync(draft, dir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Moves a data folder out of the way that is half made, or whose password went with a deleted .data. */
export function moveAsideUnlessUsable({ dir, superuserPassword }) {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return;
  const isOurs = readSeal(dir) === seal(superuserPassword);
  if (majorOf(dir) !== undefined && isOurs) return;
  const pid = serverOn(dir);
  if (pid) throw new Refusal(stillServed(dir, pid));
  const aside = `${dir}.broken-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  renameSync(dir, aside);
  say(
    `  The database folder was ${isOurs ? "half made" : "not made by this portal"} and was moved to ${aside}`,
  );
}

// Tells whether the kept password opens this folder, without starting it.
const SEAL = "portal-seal";
const seal = (password) => createHash("sha256").update(password).digest("hex");

function readSeal(dir) {
  const file = join(dir, SEAL);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function stillServed(dir, pid) {
  return (
    `PostgreSQL (pid ${pid}) still runs on ${dir}, and its password is gone with the .data folder that held it.\n` +
    `Stop it with \`kill -INT ${pid}\` and run the same command again: the folder is then moved aside, not deleted.`
  );
}

function removeDrafts(dir) {
  if (!existsSync(dirname(dir))) return;
  const drafts = readdirSync(dirname(dir)).filter((name) => name.startsWith(`${basename(dir)}.new-`));
  for (const name of drafts) rmSync(join(dirname(dir), name), { recursive: true, force: true });
}

function initialise({ initdb, major }, dir, passwordFile, account) {
  const locale =
    major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] : ["--locale=C"];
  const auth = ["-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const done = spawnSync(initdb, ["-D", dir, ...auth, "-E", "UTF8", ...locale], {
    cwd: "/",
    encoding: "utf8",
    env: serverEnvironment(account),
    ...asAccount(account),
  });
  if (done.status === 0) return;
  throw new Refusal(`PostgreSQL could not make its data folder ${dir}:\n${done.error ?? done.stderr}`);
}
