import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { ensureStateDir } from "#lib/boot/paths.mjs";
import { clusterOf, startEmbeddedPostgres } from "#lib/boot/postgres/postgres.mjs";
import { type Database, databaseOf } from "#tests/e2e/support/database.ts";
import { aMailServer } from "#tests/e2e/support/mail-server.ts";
import { portalFolder, type RunningPortal, startPortal } from "#tests/e2e/support/portal-process.ts";
import { programsOf } from "#tests/support/proc.ts";
import { cpuMsOf } from "./cpu.ts";
import type { Peer } from "./peer.ts";
import type { Population } from "./population.ts";
import { endPrograms } from "./programs.ts";

/** What every line is measured on. */
export type Stage = {
  portal: RunningPortal;
  /** The owner's connection. */
  database: Database;
  /** The pid of PostgreSQL. */
  postgres: number;
  superuserUrl: string;
  mails: Awaited<ReturnType<typeof aMailServer>>;
  /** Made once, by the first line that asks for it. */
  population?: Population;
  peer?: Peer;
  close: () => Promise<void>;
};

/**
 * A throw-away portal of one server process with the demo firms, whose PostgreSQL can count statements and whose mail goes
 * to a server that takes everything. `besides` goes into its environment.
 */
export async function prepareStage(besides: Record<string, string> = {}): Promise<Stage> {
  const mails = await aMailServer();
  const env = { SMTP_URL: mails.url, MAIL_FROM: "bench@portal.localhost", ...besides };
  const portal = await startPortal("bench-portal", { env, dataDir: await folderThatCounts() });
  // A million people are written by two.
  const database = databaseOf(portal.ownerUrl, { connections: 2 });
  const stage: Stage = {
    portal,
    database,
    postgres: postgresOf(portal),
    superuserUrl: superuserUrlOf(portal),
    mails,
    close: async () => {
      wakeWorker(stage);
      await endPrograms();
      await database.end({ timeout: 1 });
      await portal.stop();
      await mails.close();
    },
  };
  return stage;
}

/** The pids of the server processes. */
export const serversOf = ({ portal }: Pick<Stage, "portal">): number[] => programsOf(portal.pid, "server");

export const hostOf = ({ portal }: Stage, slug: string): string => `${slug}.${portal.apexHost}`;

export const portOf = ({ portal }: Stage): number => portal.ports[0] ?? 0;

/**
 * Lets the worker rest, so that what is measured is the request and not the mail that follows it: that has a line of its
 * own (PERF15).
 */
export function restWorker(stage: Stage): void {
  for (const pid of programsOf(stage.portal.pid, "worker")) process.kill(pid, "SIGSTOP");
}

export function wakeWorker(stage: Stage): void {
  for (const pid of programsOf(stage.portal.pid, "worker")) process.kill(pid, "SIGCONT");
}

/** What lines have left for the worker to do: thousands of mails, which belong to none of the lines that come. */
export async function forgetJobs({ database }: Stage): Promise<void> {
  await database`delete from graphile_worker._private_jobs where locked_at is null`;
}

/** What only keeps data that must survive a crash of the machine. */
const DURABILITY = ["fsync", "full_page_writes"];

/** Loads data that will be thrown away, and measures it as durably as it is in real life. */
export async function withoutDurability({ superuserUrl }: Stage, load: () => Promise<void>): Promise<void> {
  const superuser = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  const setAll = async (value: string) => {
    for (const name of DURABILITY) await superuser.unsafe(`alter system set ${name} ${value}`);
    await superuser`select pg_reload_conf()`;
  };
  try {
    await setAll("to off");
    await load();
  } finally {
    // Also where it failed: the lines that come are measured on the same PostgreSQL.
    await setAll("to default");
    await superuser`checkpoint`;
    await superuser.end();
  }
}

const QUIET = { lookMs: 500, cores: 0.05, patienceMs: 60_000 };

/** Waits until what the last line left to do is done: its mails, and what PostgreSQL does by itself. */
export async function untilQuiet({ portal, postgres: pid }: Stage): Promise<void> {
  const used = () => cpuMsOf([portal.pid, pid]);
  for (const deadline = performance.now() + QUIET.patienceMs; performance.now() < deadline; ) {
    const before = used();
    await sleep(QUIET.lookMs);
    if (used() - before <= QUIET.lookMs * QUIET.cores) return;
  }
}

/** A portal's folder whose PostgreSQL will have what counts statements, which counts nothing until it is asked to. */
async function folderThatCounts(): Promise<string> {
  const dataDir = portalFolder();
  // As the portal will have it: where PostgreSQL keeps its data depends on who may walk through.
  ensureStateDir(dataDir);
  const { url, close } = await startEmbeddedPostgres(dataDir);
  const superuser = postgres(superuserUrlOf({ ownerUrl: url, dataDir }), {
    max: 1,
    onnotice: () => undefined,
  });
  await superuser`alter system set shared_preload_libraries = 'pg_stat_statements'`;
  await superuser.end();
  await close();
  return dataDir;
}

function postgresOf({ dataDir }: RunningPortal): number {
  return Number(readFileSync(join(clusterOf(dataDir).dir, "postmaster.pid"), "utf8").split("\n")[0]);
}

function superuserUrlOf({ ownerUrl, dataDir }: Pick<RunningPortal, "ownerUrl" | "dataDir">): string {
  const url = new URL(ownerUrl);
  url.username = "postgres";
  url.password = readFileSync(join(dataDir, "superuser-password"), "utf8").trim();
  return url.href;
}
