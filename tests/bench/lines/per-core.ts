import { bound, type Finding } from "../finding.ts";
import { figureOf, inTurns, type Measured, ratioOf } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { milliseconds, spread } from "../words.ts";
import { firstOf, hashFloor, ourWork, signIns } from "../works.ts";
import { oneTokenCheck } from "./token-check.ts";

const CONNECTIONS = 8;
const BARS = { signIn: { gate: 45, target: 60 }, token: { gate: 700, target: 3000 } };

/** How long the machine that the bars were set on computes one hash (PERFORMANCE.md). A rate of sign-ins means nothing without it. */
const REFERENCE_HASH_MS = 13;

/** How many of them one virtual processor does in a second, portal and PostgreSQL together (PERF13). */
export async function perCore(stage: Stage): Promise<Report> {
  const works = [
    ourWork(stage, "sign-ins", await signIns(stage), 201),
    await oneTokenCheck(stage),
    await hashFloor(stage),
  ];
  const measured = await inTurns(works, { connections: CONNECTIONS, postgres: stage.postgres });
  const [signIn, token, hash] = [
    firstOf(measured, "Signing in"),
    firstOf(measured.slice(1), "The token check"),
    firstOf(measured.slice(2), "The hash"),
  ];
  const findings = [signInsOf(signIn, hash), tokenChecksOf(token)];
  return {
    title: "For each virtual processor",
    header: ["what", "a second"],
    rows: findings.map(({ work, measured: figures }) => [work, figures]),
    notes: [
      "A second by the CPU that one of them takes, of the portal and of PostgreSQL. Keycloak's own guide: 15 and 120.",
      `Bars of sign-ins are meant for ${REFERENCE_HASH_MS} ms a hash: they are compared by the ratio to what the hash takes here.`,
    ],
    findings,
    data: measured,
  };
}

function signInsOf(own: Measured, hash: Measured): Finding {
  const share = ratioOf(hash, own);
  const { gate, target } = BARS.signIn;
  const atReference = (share.median * 1000) / REFERENCE_HASH_MS;
  return {
    work: "sign-ins per vCPU, all in",
    measured: `${spread(perSecond(own))} a second at ${milliseconds(hash.app)} ms a hash; the hash is ${spread(share)} of the CPU: ${Math.round(atReference)} a second at ${REFERENCE_HASH_MS} ms`,
    cpu: own,
    gate: bound(`>= ${gate} at ${REFERENCE_HASH_MS} ms`, atReference >= gate),
    target: bound(`>= ${target}`, atReference >= target),
  };
}

function tokenChecksOf(own: Measured): Finding {
  const rate = perSecond(own);
  const { gate, target } = BARS.token;
  return {
    work: "token checks per vCPU, all in",
    measured: `${spread(rate)} a second`,
    cpu: own,
    gate: bound(`>= ${gate}`, rate.median >= gate),
    target: bound(`>= ${target}`, rate.median >= target),
  };
}

const perSecond = ({ samples }: Measured) => figureOf(samples.map(({ cpu }) => 1000 / cpu));
