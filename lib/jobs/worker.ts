import { Logger, type Runner, run } from "graphile-worker";
import { directConnection } from "#db/client.ts";
import { SECOND } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { AT_START, JOBS, SCHEDULE } from "./registry.ts";

/** A mail mostly waits: for the database, and for the other end of its conversation. */
const CONCURRENCY = 8;
/** Any number; the same in every worker of one database. */
const ONE_WORKER_LOCK = 7_214_001;

export type Worker = { stop: () => Promise<void>; ended: Promise<void> };

/**
 * Runs jobs until stopped. Of several workers on one database one works and the others wait for its place. Whoever
 * takes the place frees the jobs of the one before, which the engine would else keep locked for hours.
 */
export async function startWorker(): Promise<Worker> {
  const place = await takePlace();
  const runner = await run({
    connectionString: directUrl(),
    concurrency: CONCURRENCY,
    pollInterval: 1 * SECOND,
    noHandleSignals: true,
    taskList: JOBS,
    crontab: SCHEDULE,
    logger: quietLogger(),
  });
  for (const job of AT_START) await runner.addJob(job, {}, { jobKey: job });
  return { ended: runner.promise, stop: () => stop(runner, place) };
}

type Place = ReturnType<typeof directConnection>;

async function takePlace(): Promise<Place> {
  const place = directConnection(directUrl());
  await place`select pg_advisory_lock(${ONE_WORKER_LOCK})`;
  await place`select graphile_worker.force_unlock_workers(array(
    select distinct locked_by from graphile_worker._private_jobs where locked_by is not null))`;
  return place;
}

async function stop(runner: Runner, place: Place): Promise<void> {
  await runner.stop();
  await place.end({ timeout: 1 });
}

function directUrl(): string {
  const url = env().DATABASE_DIRECT_URL;
  if (!url) throw new Error("DATABASE_DIRECT_URL is not set: the worker needs a connection of its own.");
  return url;
}

/** The engine speaks of jobs by name and id; its chatter stays out of the log. */
function quietLogger(): Logger {
  return new Logger(() => (level, message, meta) => {
    if (level === "error") log().error({ meta: String(meta?.error ?? "") }, message);
    else if (level === "warning") log().warn(message);
  });
}
