import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../identity.mjs";
import { Refusal } from "../output.mjs";
import { freePort } from "../ports.mjs";
import { lastLines } from "../run.mjs";
import { asAccount, serverEnvironment } from "./account.mjs";

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const ATTEMPTS = 3;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** @typedef {{ pid: number, port: number, reused: boolean }} Postmaster */

/**
 * Starts the server on a data folder, or finds the one that already runs on it.
 *
 * @param {import("./cluster.mjs").Cluster} cluster
 * @param {{ postgres: string }} binaries
 * @param {{ logFile: string, settings?: Record<string, string>, port?: number }} options
 * @returns {Promise<Postmaster>}
 */
export async function startPostmaster(cluster, binaries, options) {
  const running = await runningPostmaster(cluster.dir);
  if (running) return { ...running, reused: true };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = (attempt === 1 && options.port) || (await freePort());
    const started = await launch(cluster, binaries, { ...options, port });
    if (started) return { ...started, reused: false };
  }
  throw new Refusal(
    `PostgreSQL did not start. The end of ${options.logFile}:\n${lastLines(options.logFile, 8)}`,
  );
}

/** Stops it the fast way: sessions are cut, everything committed is kept. */
export async function stopPostmaster(pid) {
  if (isRunning(pid)) process.kill(pid, "SIGINT");
  for (const deadline = performance.now() + STOP_TIMEOUT_MS; isRunning(pid); await sleep(POLL_MS)) {
    if (performance.now() > deadline) return false;
  }
  return true;
}

/** What postmaster.pid says of a living server; one that is just starting or stopping is waited for. */
async function runningPostmaster(dir) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const state = readState(dir);
    if (!state) return undefined;
    if (!isServerOf(state.pid, dir)) return removeStaleState(dir);
    if (state.status === "ready") return state;
    await sleep(POLL_MS);
  }
  throw new Refusal(
    `A PostgreSQL holds ${dir} and is not ready. Look at .data/pg.log, or stop it and start again.`,
  );
}

function readState(dir) {
  const file = join(dir, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() };
}

/** The pid of a server that runs on this data folder now, whatever it is doing. */
export function serverOn(dir) {
  const state = readState(dir);
  return state && isServerOf(state.pid, dir) ? state.pid : undefined;
}

/** The port of a server that is ready on this data folder. */
export function readyPortOn(dir) {
  const state = readState(dir);
  return state?.status === "ready" && isServerOf(state.pid, dir) ? state.port : undefined;
}

// The pid of a dead server may belong to anybody by now. PostgreSQL itself refuses to start over such a file.
function isServerOf(pid, dir) {
  if (!isRunning(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) return true;
  return readFileSync(commandLine, "utf8").split("\0").includes(dir);
}

function removeStaleState(dir) {
  rmSync(join(dir, "postmaster.pid"), { force: true });
  return undefined;
}

async function launch({ dir, account }, { postgres }, { logFile, settings = {}, port }) {
  const log = openSync(logFile, isLarge(logFile) ? "w" : "a", 0o600);
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // A group of its own: Ctrl-C reaches it through us, after everything that uses it has ended.
  const child = spawn(postgres, ["-D", dir, "-p", String(port), ...flags], {
    cwd: "/",
    detached: true,
    env: serverEnvironment(account),
    stdio: ["ignore", log, log],
    ...asAccount(account),
  });
  closeSync(log);
  child.unref();
  return waitUntilReady(child, dir, port);
}

async function waitUntilReady(child, dir, port) {
  let gone = false;
  for (const event of ["error", "exit"]) child.once(event, () => (gone = true));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!gone && performance.now() < deadline) {
    const state = readState(dir);
    if (state?.pid === child.pid && state.status === "ready") return { pid: child.pid, port };
    await sleep(POLL_MS);
  }
  return undefined;
}

const isLarge = (file) => existsSync(file) && statSync(file).size > LOG_LIMIT_BYTES;
