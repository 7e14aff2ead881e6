import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterOf } from "#lib/boot/postgres/postgres.mjs";

const repository = resolve(import.meta.dirname, "../../..");
const launcher = join(repository, "lib/boot/portal.mjs");
const logs = join(repository, ".data/test");

const START_TIMEOUT = 180_000;
const STOP_TIMEOUT = 45_000;

/** What a test must know about a throw-away portal. Plain data, so that it can travel to Playwright's workers. */
export type PortalFacts = {
  pid: number;
  /** Of each server process; Host headers and links always carry the first. */
  ports: number[];
  apexHost: string;
  dataDir: string;
  logFile: string;
  /** Logins to PostgreSQL itself, past any pooler: tests look from outside. */
  ownerUrl: string;
  appUrl: string;
};

export type RunningPortal = PortalFacts & {
  stop: () => Promise<void>;
  /** Ends its processes and leaves the folder as it is. */
  pause: () => Promise<void>;
  /** Ends its processes and starts them on the same folder, with these settings instead. */
  restart: (env: Record<string, string>) => Promise<RunningPortal>;
};

type Wish = { processes?: number; env?: Record<string, string>; dataDir?: string };

/** A new folder for a portal, for whoever has something to put into it first. */
export const portalFolder = (): string => mkdtempSync(join(tmpdir(), "portal-e2e-"));

/**
 * Starts a portal of its own: the launcher, an embedded database, the demo firms and a mail receiver, all in a folder
 * that goes with it. It ends with the process that started it, too.
 */
export async function startPortal(
  name: string,
  { processes = 1, env = {}, dataDir = portalFolder() }: Wish = {},
): Promise<RunningPortal> {
  const ports = await freePorts(processes);
  mkdirSync(logs, { recursive: true });
  return run({ ports, dataDir, logFile: join(logs, `${name}.log`) }, env);
}

async function run(place: Omit<Started, "child">, env: Record<string, string>): Promise<RunningPortal> {
  const { ports, dataDir, logFile } = place;
  const child = launch(logFile, {
    ...environmentWithoutPortal(),
    NODE_ENV: "production",
    PORTAL_DATA_DIR: dataDir,
    PORTAL_DIST_DIR: process.env.PORTAL_DIST_DIR ?? ".next-test",
    PORTAL_PROCESSES: String(ports.length),
    PORT: String(ports[0]),
    // Each test has a source address of its own, as if a proxy stood in front: allowances are per source.
    TRUSTED_PROXIES: "1",
    ...env,
  });
  const stop = async () => {
    await end(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await untilBannerIn(logFile, child);
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (changed: Record<string, string>) => {
    await end(child);
    return run(place, changed);
  };
  return { ...factsOf({ child, ...place }, env), stop, pause: () => end(child), restart };
}

type Started = { child: ChildProcess; ports: number[]; dataDir: string; logFile: string };

function factsOf({ child, ports, dataDir, logFile }: Started, env: Record<string, string>): PortalFacts {
  return {
    pid: child.pid ?? 0,
    ports,
    apexHost: env.PORTAL_URL ? new URL(env.PORTAL_URL).host : `portal.localhost:${ports[0]}`,
    dataDir,
    logFile,
    ...(env.DATABASE_DIRECT_URL ? directUrls(env) : embeddedUrls(dataDir)),
  };
}

const embeddedUrls = (dataDir: string) => ({
  ownerUrl: databaseUrl(dataDir, "portal", "postgres-password"),
  appUrl: databaseUrl(dataDir, "portal_app", "app-password"),
});

function directUrls({ DATABASE_URL = "", DATABASE_APP_URL = "", DATABASE_DIRECT_URL = "" }: Named) {
  const direct = (login: string) => {
    const { username, password } = new URL(login);
    return Object.assign(new URL(DATABASE_DIRECT_URL), { username, password }).href;
  };
  return { ownerUrl: direct(DATABASE_URL), appUrl: direct(DATABASE_APP_URL) };
}

type Named = Record<string, string | undefined>;

/** The environment of a command of the launcher that shall speak of this portal, such as `firm`. */
export function environmentOf({ dataDir }: PortalFacts): NodeJS.ProcessEnv {
  return { ...environmentWithoutPortal(), NODE_ENV: "production", PORTAL_DATA_DIR: dataDir };
}

export const launcherCommand = (...args: string[]) => ({
  command: process.execPath,
  args: [launcher, ...args],
  cwd: repository,
});

// The channel makes the launcher stop when this process is gone, however it went.
function launch(logFile: string, env: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(logFile, "w", 0o600);
  const { command, args, cwd } = launcherCommand("start");
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", log, log, "ipc"], detached: true });
  closeSync(log);
  return child;
}

/** Whatever portal this shell is set up for, and whatever clock, a throw-away portal has its own. */
function environmentWithoutPortal(): Named {
  const foreign =
    /^(DATABASE_.*|SMTP_URL|MAIL_FROM|PORT|HOST|NODE_ENV|NODE_OPTIONS|METRICS_TOKEN|TRUSTED_PROXIES|PORTAL_.*|npm_.*|FAKETIME.*|LD_PRELOAD|TEST_.*|PW_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function untilBannerIn(logFile: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT; Date.now() < deadline; await sleep(100)) {
    const log = readFileSync(logFile, "utf8");
    if (log.includes("Ctrl-C stops everything.")) return;
    if (child.exitCode !== null) break;
  }
  const log = readFileSync(logFile, "utf8");
  throw new Error(`The throw-away portal did not start:\n${log.slice(-4_000)}`);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT);
    child.once("exit", () => {
      clearTimeout(impatient);
      done();
    });
    child.kill("SIGTERM");
  });
}

function databaseUrl(dataDir: string, role: string, passwordFile: string): string {
  const postmaster = readFileSync(join(clusterOf(dataDir).dir, "postmaster.pid"), "utf8").split("\n");
  const password = readFileSync(join(dataDir, passwordFile), "utf8").trim();
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${postmaster[3]}/portal`;
}

/** So many free ports in a row: the launcher counts up from the first. */
async function freePorts(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => answer(true)));
  });
}
