import { startPortal } from "#tests/e2e/support/portal-process.ts";
import { aVisitor } from "#tests/e2e/support/visitor.ts";
import { signInOnTheWire } from "#tests/e2e/support/wire.ts";
import { bound } from "../finding.ts";
import { requestText, sendLoad } from "../load/load.ts";
import { type Figure, figureOf, ROUNDS, SECONDS } from "../measure.ts";
import { demoContact } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { cookie, VISIT } from "../works.ts";

const CONNECTIONS = 16;
/** A page is slow and the code of a second process is cold: both take longer than one measurement of something quick. */
const EACH_SECONDS = SECONDS * 3;
const BAR = { gate: 1.5, target: 1.8 };

/** Two server processes against one of them, by a page that is nearly all CPU (PERF14). */
export async function processes(_stage: Stage): Promise<Report> {
  const portal = await startPortal("bench-two-processes", { processes: 2 });
  try {
    const { apexHost, dataDir, ports } = portal;
    const { slug, username, password } = demoContact(dataDir);
    const visitor = aVisitor({ port: ports[0] ?? 0, host: `${slug}.${apexHost}`, source: "10.255.0.2" });
    await signInOnTheWire(visitor, { username, password });
    const token = visitor.cookies.get("__Host-session") ?? "";
    const request = requestText({
      host: visitor.host,
      path: "/account/profile",
      headers: { ...cookie({ host: "", token }), ...VISIT },
    });
    return reportOn(await rates(ports, request));
  } finally {
    await portal.stop();
  }
}

type Rates = { one: Figure; two: Figure; times: Figure };

async function rates(ports: number[], request: string): Promise<Rates> {
  const samples = { one: [] as number[], two: [] as number[] };
  await rateOf(ports, request);
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.one.push(await rateOf(ports.slice(0, 1), request));
    samples.two.push(await rateOf(ports, request));
  }
  const times = figureOf(samples.two.map((two, round) => two / (samples.one[round] ?? Number.NaN)));
  return { one: figureOf(samples.one), two: figureOf(samples.two), times };
}

/** As many connections in all, whoever answers them. */
async function rateOf(ports: number[], request: string): Promise<number> {
  const connections = CONNECTIONS / ports.length;
  const load = { connections, seconds: EACH_SECONDS, requests: [request], from: 0, expect: 200 };
  const outcomes = await Promise.all(ports.map((port) => sendLoad({ ...load, port })));
  return outcomes.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

function reportOn({ one, two, times }: Rates): Report {
  return {
    title: "Two server processes against one",
    header: ["processes", "req/s"],
    rows: [
      ["1", spread(one)],
      ["2", spread(two)],
    ],
    notes: [
      "The load generator and PostgreSQL share the cores: on two of them two processes have less than twice as much.",
    ],
    findings: [
      {
        work: "a signed-in page, two processes by one",
        measured: `${spread(times)}x`,
        gate: bound(`>= ${BAR.gate}x`, times.median >= BAR.gate),
        target: bound(`>= ${BAR.target}x`, times.median >= BAR.target),
      },
    ],
    data: { one, two, times },
  };
}
