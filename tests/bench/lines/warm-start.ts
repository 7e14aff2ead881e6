import { environmentOf, launcherCommand, startPortal } from "#tests/e2e/support/portal-process.ts";
import { bound } from "../finding.ts";
import { figureOf, ROUNDS } from "../measure.ts";
import { startNextFloor } from "../next-floor.ts";
import { demoContact } from "../population.ts";
import { endProgram, spawnProgram, untilAnswered } from "../programs.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";

const MOST_SECONDS = { gate: 5, target: 2 };

/** From `npm start` on a folder that it knows to the first page, beyond what Next itself takes (PERF17). */
export async function warmStart(stage: Stage): Promise<Report> {
  const portal = await startPortal("bench-warm-start");
  const own: number[] = [];
  const next: number[] = [];
  try {
    await portal.pause();
    for (let round = 0; round < ROUNDS; round += 1) {
      own.push((await startAgain(portal)) / 1000);
      const bare = await startNextFloor(stage.portal.ownerUrl);
      next.push(bare.startedIn / 1000);
      await bare.end();
    }
  } finally {
    await portal.stop();
  }
  return reportOn(own, next);
}

async function startAgain(portal: Awaited<ReturnType<typeof startPortal>>): Promise<number> {
  const [port = 0] = portal.ports;
  const { args, cwd } = launcherCommand("start");
  const { slug } = demoContact(portal.dataDir);
  const env = { ...environmentOf(portal), PORT: String(port), PORTAL_DIST_DIR: process.env.PORTAL_DIST_DIR };
  const since = performance.now();
  const program = spawnProgram(args, { cwd, env });
  try {
    return await untilAnswered(port, "/sign-in", { host: `${slug}.${portal.apexHost}`, since });
  } finally {
    await endProgram(program);
  }
}

function reportOn(own: number[], next: number[]): Report {
  const beyond = figureOf(own.map((seconds, round) => seconds - (next[round] ?? Number.NaN)));
  return {
    title: "Warm start",
    header: ["what", "seconds to the first page"],
    rows: [
      ["npm start", spread(figureOf(own))],
      ["next start, bare", spread(figureOf(next))],
    ],
    notes: [],
    findings: [
      {
        work: "warm start, beyond that of Next",
        measured: `${spread(beyond)} s`,
        gate: bound(`< ${MOST_SECONDS.gate} s`, beyond.median < MOST_SECONDS.gate),
        target: bound(`< ${MOST_SECONDS.target} s`, beyond.median < MOST_SECONDS.target),
      },
    ],
    data: { own, next },
  };
}
