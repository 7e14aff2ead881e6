import postgres from "postgres";
import { bound, type Finding } from "../finding.ts";
import { sendLoad } from "../load/load.ts";
import type { Work } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { ourWork, signIns } from "../works.ts";
import { listWork } from "./lists.ts";
import { resets } from "./reset.ts";
import { bearerCheck } from "./session-check.ts";
import { oneTokenCheck } from "./token-check.ts";

/** For each request. Round trips are all statements but BEGIN, which goes out together with that of `withTenant`. */
type Counts = { statements: number; roundTrips: number; buffers: number; walBytes: number };

type Bar = { work: Work; most: Partial<Counts>; says: string };

const WARM_UP_SECONDS = 1;
const LARGE = 20_000;

/** What each hot call asks of PostgreSQL, by its own count: these figures do not drift (PERF11). */
export async function counters(stage: Stage): Promise<Report> {
  const superuser = postgres(stage.superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    await superuser`create extension if not exists pg_stat_statements`;
    const bars = await barsOf(stage);
    const counted: { bar: Bar; counts: Counts }[] = [];
    for (const bar of bars) counted.push({ bar, counts: await countOf(superuser, bar.work) });
    return reportOn(counted);
  } finally {
    await superuser.end();
  }
}

async function barsOf(stage: Stage): Promise<Bar[]> {
  const signInWork = ourWork(stage, "sign-in", await signIns(stage), 201);
  return [
    { work: await bearerCheck(stage), most: { statements: 1, buffers: 12, walBytes: 0 }, says: "1 / 12 / 0" },
    {
      work: await oneTokenCheck(stage),
      most: { statements: 1, buffers: 10, walBytes: 0 },
      says: "1 / 10 / 0",
    },
    { work: signInWork, most: { statements: 3 }, says: "<= 3 statements" },
    {
      work: await resets(stage, "reset request", (name) => name),
      most: { statements: 2 },
      says: "<= 2 statements",
    },
    {
      work: await listWork(stage, LARGE, "first page"),
      most: { statements: 2, buffers: 40 },
      says: "<= 2 statements, <= 40 buffers",
    },
  ];
}

/** Counts what happens while one work is asked one request at a time. The worker rests, so nothing else asks. */
async function countOf(superuser: postgres.Sql, work: Work): Promise<Counts> {
  const load = { ...work, connections: 1, expect: work.expect ?? 200, seconds: WARM_UP_SECONDS };
  const { asked } = await sendLoad({ ...load, from: 0 });
  await superuser.unsafe("alter system set pg_stat_statements.track = 'top'");
  await superuser`select pg_reload_conf()`;
  await superuser`select pg_sleep(0.2)`;
  await superuser`select pg_stat_statements_reset()`;
  const { answers } = await sendLoad({ ...load, from: asked });
  const [row] = await superuser<Counts[]>`
    select coalesce(sum(calls) filter (where query !~* '^\\s*begin'), 0)::float8 as "roundTrips", sum(shared_blks_hit + shared_blks_read)::float8 as buffers,
           sum(wal_bytes)::float8 as "walBytes", coalesce(sum(calls) filter (where query !~* ${NOT_COUNTED}), 0)::float8 as statements
      from pg_stat_statements where userid = 'portal_app'::regrole`;
  await superuser.unsafe("alter system set pg_stat_statements.track = 'none'");
  await superuser`select pg_reload_conf()`;
  if (!row) throw new Error("PostgreSQL counted nothing.");
  return {
    statements: row.statements / answers,
    roundTrips: row.roundTrips / answers,
    buffers: row.buffers / answers,
    walBytes: row.walBytes / answers,
  };
}

const NOT_COUNTED = String.raw`^\s*(begin|commit|set |select set_config\()`;

function reportOn(counted: { bar: Bar; counts: Counts }[]): Report {
  const figures = ({ statements, buffers, walBytes, roundTrips }: Counts) =>
    [statements, buffers, walBytes, roundTrips].map((value) => value.toFixed(value < 10 ? 2 : 0));
  return {
    title: "Counters",
    header: ["call", "statements", "buffers", "WAL bytes", "round trips"],
    rows: counted.map(({ bar, counts }) => [bar.work.name, ...figures(counts)]),
    notes: [
      "For each request, by pg_stat_statements. Not counted as statements: BEGIN, COMMIT and that of `withTenant`.",
      "What a process asks now and then (a firm, the clock of `last seen`) makes them a little more than whole.",
    ],
    findings: counted.map(findingOf),
    data: counted.map(({ bar, counts }) => ({ name: bar.work.name, ...counts })),
  };
}

/** A count of many requests is never quite whole: what happens once a minute is in it. */
const SLACK = 0.1;

function findingOf({ bar, counts }: { bar: Bar; counts: Counts }): Finding {
  const { statements, buffers, walBytes, roundTrips } = counts;
  const within = Object.entries(bar.most).every(
    ([key, most]) => counts[key as keyof Counts] <= most + SLACK * (most || 100),
  );
  return {
    work: bar.work.name,
    measured: `${statements.toFixed(1)} statements, ${buffers.toFixed(1)} buffers, ${walBytes.toFixed(0)} bytes of WAL; ${roundTrips.toFixed(1)} round trips`,
    gate: bound(bar.says, within),
    target: bound("the same", within),
  };
}
