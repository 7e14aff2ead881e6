import postgres from "postgres";
import { bound, type Finding } from "../finding.ts";
import { sendLoad } from "../load/load.ts";
import type { Work } from "../measure.ts";
import { populationOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { ourWork, signIns } from "../works.ts";
import { listWork } from "./lists.ts";
import { resets } from "./reset.ts";
import { bearerCheck } from "./session-check.ts";
import { oneTokenCheck } from "./token-check.ts";

/** For each request. Round trips are all statements but BEGIN, which goes out together with that of `withTenant`. */
type Counts = {
  statements: number;
  roundTrips: number;
  buffers: number;
  walBytes: number;
  milliseconds: number;
};

/** One statement of a call, for each request, without what is the same in all of them. */
type Told = { query: string; calls: number; buffers: number; walBytes: number; milliseconds: number };

type Counted = { bar: Bar; counts: Counts; told: Told[] };

type Bar = { work: Work; most: Partial<Counts>; says: string };

const WARM_UP_SECONDS = 1;
const LARGE = 20_000;

/** What each hot call asks of PostgreSQL, by its own count: these figures do not drift (PERF11). */
export async function counters(stage: Stage): Promise<Report> {
  const superuser = postgres(stage.superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    await superuser`create extension if not exists pg_stat_statements`;
    const bars = await barsOf(stage);
    const counted: Counted[] = [];
    for (const bar of bars) counted.push({ bar, ...(await countOf(superuser, bar.work)) });
    return reportOn(counted);
  } finally {
    await superuser.end();
  }
}

async function barsOf(stage: Stage): Promise<Bar[]> {
  const signInWork = await ofOneFirm(stage, ourWork(stage, "sign-in", await signIns(stage), 201));
  return [
    { work: await bearerCheck(stage), most: { statements: 1, buffers: 12, walBytes: 0 }, says: "1 / 12 / 0" },
    {
      work: await oneTokenCheck(stage),
      most: { statements: 1, buffers: 10, walBytes: 0 },
      says: "1 / 10 / 0",
    },
    { work: signInWork, most: { statements: 3 }, says: "<= 3 statements" },
    {
      work: await ofOneFirm(stage, await resets(stage, "reset request", (name) => name)),
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

/** A process keeps what it knows of a firm for seconds, and slow calls come to each of many firms less often than that. */
async function ofOneFirm(stage: Stage, work: Work): Promise<Work> {
  const [first] = (await populationOf(stage)).contacts;
  return { ...work, requests: work.requests.filter((text) => text.includes(`\nhost: ${first?.host}\r`)) };
}

/** Counts what happens while one work is asked one request at a time. The worker rests, so nothing else asks. */
async function countOf(superuser: postgres.Sql, work: Work): Promise<Omit<Counted, "bar">> {
  const load = { ...work, connections: 1, expect: work.expect ?? 200, seconds: WARM_UP_SECONDS };
  const { asked } = await sendLoad({ ...load, from: 0 });
  await superuser.unsafe("alter system set pg_stat_statements.track = 'top'");
  await superuser`select pg_reload_conf()`;
  await superuser`select pg_sleep(0.2)`;
  await superuser`select pg_stat_statements_reset()`;
  const { answers } = await sendLoad({ ...load, from: asked });
  const all = await superuser<Told[]>`
    select query, calls / ${answers}::float8 as calls, (shared_blks_hit + shared_blks_read) / ${answers}::float8 as buffers,
           wal_bytes::float8 / ${answers}::float8 as "walBytes", total_exec_time / ${answers}::float8 as milliseconds
      from pg_stat_statements where userid = 'portal_app'::regrole order by total_exec_time desc`;
  await superuser.unsafe("alter system set pg_stat_statements.track = 'none'");
  await superuser`select pg_reload_conf()`;
  const sum = (of: (one: Told) => number, among: Told[] = all) =>
    among.reduce((total, one) => total + of(one), 0);
  const told = all.filter(({ query }) => !NOT_COUNTED.test(query));
  const counts = {
    statements: sum(({ calls }) => calls, told),
    roundTrips: sum(({ query, calls }) => (/^\s*begin/i.test(query) ? 0 : calls)),
    buffers: sum(({ buffers }) => buffers),
    walBytes: sum(({ walBytes }) => walBytes),
    milliseconds: sum(({ milliseconds }) => milliseconds),
  };
  return { counts, told };
}

const NOT_COUNTED = /^\s*(begin|commit|set |select set_config\()/i;

function reportOn(counted: Counted[]): Report {
  return {
    title: "Counters",
    header: ["call", "statements", "buffers", "WAL bytes", "ms in PostgreSQL", "round trips"],
    rows: counted.flatMap(({ bar, counts, told }) => [
      [bar.work.name, ...figures(counts), plain(counts.roundTrips)],
      ...told.map((one) => [shortened(one.query), ...figures({ ...one, statements: one.calls }), ""]),
    ]),
    notes: [
      "For each request, by pg_stat_statements. Not counted as statements: BEGIN, COMMIT and that of `withTenant`.",
      "What a process asks now and then (a firm, the clock of `last seen`) makes them a little more than whole.",
    ],
    findings: counted.map(findingOf),
    data: counted.map(({ bar, counts, told }) => ({ name: bar.work.name, ...counts, told })),
  };
}

const figures = ({ statements, buffers, walBytes, milliseconds }: Omit<Counts, "roundTrips">) => [
  ...[statements, buffers, walBytes].map(plain),
  milliseconds.toFixed(3),
];

const plain = (value: number) => value.toFixed(value < 10 ? 2 : 0);

const SHORT = 70;

/** Enough of a statement to know it by, in a cell of a table. */
function shortened(query: string): string {
  const words = query.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
  return `... ${words.length > SHORT ? `${words.slice(0, SHORT)} ...` : words}`;
}

/** A count of many requests is never quite whole: what happens once a minute is in it. */
const SLACK = 0.1;

function findingOf({ bar, counts }: Counted): Finding {
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
