import { existsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { findFaketime } from "./faketime.mjs";
import { dependenciesAreCurrent } from "./install.mjs";
import { installedNode } from "./node24.mjs";
import { say } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { DEFAULT_PORT, isPortFree } from "./ports.mjs";
import { serverAccount } from "./postgres/account.mjs";
import { findPostgres } from "./postgres/binaries.mjs";
import { majorOf } from "./postgres/cluster.mjs";
import { clusterOf, runningOwnerUrl } from "./postgres/postgres.mjs";
import { serverOn } from "./postgres/postmaster.mjs";
import { runningPortal } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { parseProcesses } from "./settings.mjs";

/** @typedef {{ ok: boolean, text: string }} Finding */

/** @type {[string, () => Finding | Promise<Finding>][]} */
const checks = [
  ["Node", checkNode],
  ["dependencies", checkDependencies],
  ["port", checkPort],
  ["processes", checkProcesses],
  ["keys", checkKeys],
  ["PostgreSQL", checkBinaries],
  ["data folder", checkDataFolder],
  ["database", checkDatabase],
  ["secrets", checkSecrets],
  ["mail", checkMail],
  ["browser", checkBrowser],
  ["fake clock", checkFaketime],
];

/** Looks at everything that a start needs and changes nothing. @returns {Promise<number>} exit code */
export async function examine() {
  let problems = 0;
  for (const [name, check] of checks) {
    const { ok, text } = await attempt(check);
    if (!ok) problems += 1;
    say(
      `  ${ok ? "ok     " : "problem"}  ${name.padEnd(13)} ${text.replaceAll("\n", `\n${" ".repeat(26)}`)}`,
    );
  }
  say(problems === 0 ? "\nNothing stands in the way of a start." : `\n${problems} to mend.`);
  return problems === 0 ? 0 : 1;
}

async function attempt(check) {
  try {
    return await check();
  } catch (error) {
    return problem(error.message);
  }
}

const fine = (text) => ({ ok: true, text });
const problem = (text) => ({ ok: false, text });

function checkNode() {
  const own = process.versions.node;
  const [major, minor] = own.split(".").map(Number);
  if (major >= 24) return fine(own);
  if (major < 20 || (major === 20 && minor < 19))
    return problem(`${own} is too old. Install Node 20.19 or newer.`);
  return fine(
    installedNode()
      ? `${own}, goes on under the packaged Node 24`
      : `${own}, Node 24 comes with the dependencies`,
  );
}

function checkDependencies() {
  if (dependenciesAreCurrent()) return fine("installed");
  return fine("not installed or out of date; the next start installs them");
}

async function checkPort() {
  const running = runningPortal();
  if (running) return fine(`a portal serves ${running.portalUrl}`);
  const host = process.env.HOST || "127.0.0.1";
  const port = Number(process.env.PORT || DEFAULT_PORT);
  if (await isPortFree(port, host)) return fine(`${port} on ${host} is free`);
  if (!process.env.PORT) return fine(`${port} on ${host} is taken; the next free one is used`);
  return problem(`${port} on ${host} is taken. Stop what listens there, or set PORT to another one.`);
}

/** Each server process has a port of its own, so that several have a proxy in front of them. */
function checkProcesses() {
  const count = parseProcesses(process.env.PORTAL_PROCESSES);
  if (count === 1) return fine("one server process");
  if (Number(process.env.TRUSTED_PROXIES || 0) > 0) return fine(`${count} server processes behind a proxy`);
  return problem(
    `${count} server processes stand behind a proxy, and TRUSTED_PROXIES is 0: everybody has the proxy's address,\n` +
      "and one allowance with it. Set TRUSTED_PROXIES to how many proxies there are (1 with deploy/haproxy.cfg).",
  );
}

function checkKeys() {
  requireProductionSecrets();
  const file = join(dataDir, "keys");
  if (!process.env.PORTAL_KEYS && !existsSync(file)) return fine("made at the first start");
  portalKeys();
  if (process.env.PORTAL_KEYS) return fine("from PORTAL_KEYS");
  if ((statSync(file).mode & 0o077) === 0) return fine(`kept in ${file}`);
  return problem(`${file} can be read by others. Run: chmod 600 ${file}`);
}

function checkBinaries() {
  if (process.env.DATABASE_URL) return fine("not needed: DATABASE_URL is set");
  if (!dependenciesAreCurrent()) return fine("comes with the dependencies");
  const { dir, account } = clusterOf(dataDir);
  const { version, postgres } = findPostgres({ account: serverAccount(), major: majorOf(dir) });
  return fine(`${version} runs (${postgres})${account ? ` as ${account.name}` : ""}`);
}

function checkDataFolder() {
  if (process.env.DATABASE_URL || !existsSync(dataDir)) return fine("nothing there yet");
  const { dir } = clusterOf(dataDir);
  const pid = serverOn(dir);
  if (pid) return fine(`${dir}, PostgreSQL runs on it (pid ${pid})`);
  if (!existsSync(dir)) return fine("nothing there yet");
  if (majorOf(dir) === undefined) return fine(`${dir} is half made; the next start moves it aside`);
  return fine(`${dir}, made by PostgreSQL ${majorOf(dir)}`);
}

async function checkDatabase() {
  const { DATABASE_URL, DATABASE_APP_URL } = process.env;
  if (!DATABASE_URL) return fine("embedded");
  const { describeDatabase } = await import("./describe-database.mjs");
  return describeDatabase(DATABASE_URL, DATABASE_APP_URL);
}

async function checkSecrets() {
  const ownerUrl = process.env.DATABASE_URL ?? runningOwnerUrl(dataDir);
  if (!ownerUrl) return fine("looked at while the database runs");
  const { describeSeals } = await import("./describe-seals.mjs");
  return describeSeals(ownerUrl, portalKeys());
}

async function checkMail() {
  if (!process.env.SMTP_URL) return fine("built-in inbox (on *.localhost only)");
  const { hostname, port, protocol } = new URL(process.env.SMTP_URL);
  const at = Number(port) || (protocol === "smtps:" ? 465 : 587);
  if (await answers(hostname, at)) return fine(`${hostname}:${at} answers`);
  return problem(
    `${hostname}:${at} does not answer. Mail waits until it does; look at SMTP_URL and the firewall.`,
  );
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const done = (ok) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once("connect", () => done(true));
    for (const event of ["error", "timeout"]) socket.once(event, () => done(false));
  });
}

async function checkBrowser() {
  if (!dependenciesAreCurrent()) return fine("found or installed by npm test");
  const { findBrowser } = await import("./browser.mjs");
  return fine((await findBrowser()) ?? "none; npm test installs one");
}

function checkFaketime() {
  return fine(findFaketime() ?? "none; npm test installs it when root, else skips what needs it");
}
