import { bound, type Finding } from "../finding.ts";
import { type Figure, figureOf, inTurns, type Measured } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { firstOf, ourWork, signIns } from "../works.ts";
import { oneTokenCheck } from "./token-check.ts";

const CONNECTIONS = 8;
const BARS = { signIn: { gate: 45, target: 60 }, token: { gate: 700, target: 3000 } };

/** How many of them one virtual processor does in a second, portal and PostgreSQL together (PERF13). */
export async function perCore(stage: Stage): Promise<Report> {
  const works = [ourWork(stage, "sign-ins", await signIns(stage), 201), await oneTokenCheck(stage)];
  const [signIn, token] = await inTurns(works, { connections: CONNECTIONS, postgres: stage.postgres });
  const findings = [
    findingOf("sign-ins", firstOf([signIn], "Signing in"), BARS.signIn),
    findingOf("token checks", firstOf([token], "The token check"), BARS.token),
  ];
  return {
    title: "For each virtual processor",
    header: ["what", "a second"],
    rows: findings.map(({ work, measured }) => [work, measured]),
    notes: [
      "A second by the CPU that one of them takes, of the portal and of PostgreSQL. Keycloak's own guide: 15 and 120.",
    ],
    findings,
    data: [signIn, token],
  };
}

function findingOf(
  what: string,
  measured: Measured,
  { gate, target }: { gate: number; target: number },
): Finding {
  const rate: Figure = figureOf(measured.samples.map(({ cpu }) => 1000 / cpu));
  return {
    work: `${what} per vCPU, all in`,
    measured: `${spread(rate)} a second`,
    cpu: measured,
    gate: bound(`>= ${gate}`, rate.median >= gate),
    target: bound(`>= ${target}`, rate.median >= target),
  };
}
