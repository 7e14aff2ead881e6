import { counters } from "./lines/counters.ts";
import { growth } from "./lines/growth.ts";
import { importPeople } from "./lines/import.ts";
import { landing } from "./lines/landing.ts";
import { lists } from "./lines/lists.ts";
import { mails } from "./lines/mails.ts";
import { memberPage } from "./lines/member-page.ts";
import { memory } from "./lines/memory.ts";
import { pages } from "./lines/pages.ts";
import { perCore } from "./lines/per-core.ts";
import { processes } from "./lines/processes.ts";
import { reset } from "./lines/reset.ts";
import { sessionCheck } from "./lines/session-check.ts";
import { signIn } from "./lines/sign-in.ts";
import { signInPage } from "./lines/sign-in-page.ts";
import { storm } from "./lines/storm.ts";
import { timing } from "./lines/timing.ts";
import { tokenCheck } from "./lines/token-check.ts";
import { warmStart } from "./lines/warm-start.ts";
import { weight } from "./lines/weight.ts";
import { preparePeer } from "./peer.ts";
import { printProfile, profiled } from "./profile.ts";
import { type Report, warnOfOtherWork, writeReport, writeTable } from "./report.ts";
import { forgetJobs, prepareStage, restWorker, type Stage, untilQuiet, wakeWorker } from "./stage.ts";

type Line = {
  measure: (stage: Stage) => Promise<Report>;
  worker?: "works";
  /** Only measured when it is asked for: it tells of a behaviour, and not of a row of PERFORMANCE.md. */
  byNameOnly?: true;
};

const OPTIONS = ["--peer", "--soak", "--profile"];

const soak = process.argv.includes("--soak");

/** Every line of the benchmark, by the row whose floor it measures. What fills the database comes late. */
const LINES: Record<string, Line> = {
  PERF1: { measure: sessionCheck },
  PERF2: { measure: tokenCheck },
  PERF3: { measure: signIn },
  PERF4: { measure: storm },
  PERF5: { measure: reset },
  PERF6: { measure: signInPage },
  PERF7: { measure: weight },
  PERF8: { measure: memberPage },
  PERF11: { measure: counters },
  PERF12: { measure: (stage) => memory(stage, { soak }) },
  PERF13: { measure: perCore },
  PERF15: { measure: mails, worker: "works" },
  PERF16: { measure: importPeople, worker: "works" },
  A3: { measure: ({ portal }) => landing(portal), byNameOnly: true },
  B1: { measure: ({ portal }) => timing(portal), worker: "works", byNameOnly: true },
  PERF9: { measure: lists },
  PERF10: { measure: growth },
  PAGES: { measure: pages },
  PERF14: { measure: processes },
  PERF17: { measure: warmStart },
};

process.exitCode = await bench(process.argv.slice(2));

/** Measures the lines of these ids, or all that need not be named, one after the other on one portal. Gives the exit code. */
async function bench(words: string[]): Promise<number> {
  const ids = words.filter((word) => !OPTIONS.includes(word));
  const known = Object.keys(LINES);
  if (ids.some((id) => !known.includes(id))) {
    const choice = [...known, ...OPTIONS].join(" | ");
    console.error(
      `npm run bench -- ${choice}; without a name all but ${known.filter((one) => LINES[one]?.byNameOnly).join(" and ")}.`,
    );
    return 2;
  }
  warnOfOtherWork();
  const begun = performance.now();
  const isProfiled = words.includes("--profile");
  const stage = await prepareStage(isProfiled ? profiled() : {});
  stopWithUs(stage);
  const ready = performance.now();
  let measured: Measured = { reports: new Map(), failed: [] };
  try {
    if (words.includes("--peer")) stage.peer = await preparePeer(stage.superuserUrl);
    measured = await measureAll(
      stage,
      known.filter((one) => (ids.length === 0 ? !LINES[one]?.byNameOnly : ids.includes(one))),
    );
  } finally {
    await stage.close();
  }
  const { reports, failed } = measured;
  writeTable(reports, (performance.now() - begun) / 1000);
  if (isProfiled) printProfile((performance.now() - ready) / 1000);
  if (failed.length > 0) console.error(`\nNot measured or not held, see above: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

type Measured = { reports: Map<string, Report>; failed: string[] };

async function measureAll(stage: Stage, ids: string[]): Promise<Measured> {
  const measured: Measured = { reports: new Map(), failed: [] };
  for (const id of ids) {
    try {
      const report = await measure(id, stage);
      measured.reports.set(id, report);
      if (report.failure) throw new Error(report.failure);
    } catch (error) {
      console.error(error);
      measured.failed.push(id);
    }
  }
  return measured;
}

async function measure(id: string, stage: Stage): Promise<Report> {
  const line = LINES[id];
  if (!line) throw new Error(`There is no line ${id}.`);
  await forgetJobs(stage);
  if (line.worker === "works") wakeWorker(stage);
  else restWorker(stage);
  await untilQuiet(stage);
  console.log(`${id} begins, ${Math.round(performance.now() / 1000)} s after the start ...`);
  const report = await line.measure(stage);
  writeReport(id, report);
  return report;
}

function stopWithUs({ close }: Stage): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => void close().finally(() => process.exit(130)));
  }
}
