import { setInterval } from "node:timers";
import { rssMbOf } from "../cpu.ts";
import { type Bound, bound, type Finding } from "../finding.ts";
import { once, SECONDS, type Work } from "../measure.ts";
import type { Report } from "../report.ts";
import { type Stage, serversOf } from "../stage.ts";
import { ourWork, signIns } from "../works.ts";
import { memberPages } from "./member-page.ts";
import { bearerCheck } from "./session-check.ts";
import { signInPages } from "./sign-in-page.ts";

const MOST_MB = { gate: 400, target: 250 };
const SOAK_SECONDS = 30 * 60;
/** What a process fills at first (caches, compiled code) is no slope. */
const SETTLED_AFTER = 1 / 3;
/** Less than this in an hour is the noise of the garbage collector. */
const LEVEL_MB_PER_HOUR = 10;
const CONNECTIONS = 4;
const MEMBERS = 1000;
const LOOK_MS = 500;

type Look = { seconds: number; mb: number };

/** Memory of the server process while everything is asked of it at once; with `--soak`, for half an hour (PERF12). */
export async function memory(stage: Stage, { soak }: { soak: boolean }): Promise<Report> {
  const works = [
    await bearerCheck(stage),
    ourWork(stage, "sign-ins", await signIns(stage), 201),
    await memberPages(stage, MEMBERS),
    await signInPages(stage),
  ];
  const seconds = soak ? SOAK_SECONDS : SECONDS * 10;
  const looks = await lookDuring(serversOf(stage), () => askAll(stage, works, seconds));
  return reportOn(looks, soak);
}

/** In short turns: each session and source has an allowance. */
async function askAll({ postgres }: Stage, works: Work[], seconds: number): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    await Promise.all(works.map((work) => once(work, { connections: CONNECTIONS, postgres })));
  }
}

async function lookDuring(pids: number[], work: () => Promise<void>): Promise<Look[]> {
  const looks: Look[] = [];
  const begun = performance.now();
  const look = () => looks.push({ seconds: (performance.now() - begun) / 1000, mb: rssMbOf(pids) });
  const timer = setInterval(look, LOOK_MS);
  await work().finally(() => clearInterval(timer));
  look();
  return looks;
}

function reportOn(looks: Look[], soak: boolean): Report {
  const most = Math.max(...looks.map(({ mb }) => mb));
  const slope = slopeOf(looks) * 3600;
  const level: Bound = {
    says: "30 minutes without slope",
    holds: soak ? slope < LEVEL_MB_PER_HOUR : "needs --soak",
  };
  const light = most <= MOST_MB.target;
  const finding: Finding = {
    work: "resident memory of one server process",
    measured: `${most.toFixed(0)} MB at most${soak ? `; ${slope.toFixed(1)} MB an hour` : ""}`,
    gate: bound(`<= ${MOST_MB.gate} MB`, most <= MOST_MB.gate),
    target: { says: `<= ${MOST_MB.target} MB; ${level.says}`, holds: light && level.holds },
  };
  return {
    title: "Memory under load",
    header: ["first MB", "last MB", "most MB", "MB an hour"],
    rows: [
      [
        looks[0]?.mb.toFixed(0) ?? "",
        looks.at(-1)?.mb.toFixed(0) ?? "",
        most.toFixed(0),
        soak ? slope.toFixed(1) : "-",
      ],
    ],
    notes: [
      "Session checks, sign-ins, a page with a list and the sign-in page at once. Children that hash are not in it.",
    ],
    findings: [finding],
    data: looks,
  };
}

/** MB in a second, by the least squares over what was seen once it had settled. */
function slopeOf(looks: Look[]): number {
  const settled = looks.slice(Math.floor(looks.length * SETTLED_AFTER));
  const mean = (pick: (one: Look) => number) =>
    settled.reduce((sum, one) => sum + pick(one), 0) / settled.length;
  const [meanSeconds, meanMb] = [mean(({ seconds }) => seconds), mean(({ mb }) => mb)];
  const covariance = mean(({ seconds, mb }) => (seconds - meanSeconds) * (mb - meanMb));
  return covariance / mean(({ seconds }) => (seconds - meanSeconds) ** 2);
}
