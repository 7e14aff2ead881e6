import { bound, type Finding } from "../finding.ts";
import { requestText } from "../load/load.ts";
import { type Figure, figureOf, inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import { apiTokensOf, filledFirm, filledFirms, sessionsOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { bearer, firstOf, hashFloor, ourWork, signIns } from "../works.ts";
import { measuredLists, SIZES } from "./lists.ts";
import { memberPages } from "./member-page.ts";
import { resets } from "./reset.ts";
import { bearerCheck } from "./session-check.ts";
import { signInPages } from "./sign-in-page.ts";
import { oneTokenCheck } from "./token-check.ts";

const CONNECTIONS = 8;
const FIRMS = 100_000;
const SESSIONS = 200;
const MOST = { gate: 1.6, target: 1.3 };

/** What a thousand times the people and a thousand times the firms cost the calls that are hot (PERF10). */
export async function growth(stage: Stage): Promise<Report> {
  const byMembers = await growthInMembers(stage);
  const byFirms = await growthInFirms(stage);
  const findings = [...byMembers, ...byFirms].map(({ name, times }) => findingOf(name, times));
  return {
    title: "Growth",
    header: ["call", "CPU of the large by that of the small"],
    rows: [...byMembers, ...byFirms].map(({ name, times }) => [name, spread(times)]),
    notes: [
      "People: two firms of one portal, in turns. Firms: the same calls before and after, each by a floor beside it.",
    ],
    findings,
    data: [...byMembers, ...byFirms],
  };
}

type Grown = { name: string; times: Figure };

function findingOf(work: string, times: Figure): Finding {
  return {
    work,
    measured: `${spread(times)}x`,
    gate: bound(`<= ${MOST.gate}x`, times.median <= MOST.gate),
    target: bound(`<= ${MOST.target}x`, times.median <= MOST.target),
  };
}

async function growthInMembers(stage: Stage): Promise<Grown[]> {
  const [few, , many] = SIZES;
  const [atFew, atMany] = [await callsAt(stage, few), await callsAt(stage, many)];
  const wish = { connections: CONNECTIONS, postgres: stage.postgres };
  const measured = await inTurns([...atFew, ...atMany], wish);
  const { smallest, largest } = await measuredLists(stage);
  const small = [...measured.slice(0, atFew.length), ...smallest];
  return [...measured.slice(atFew.length), ...largest].map((large, index) => ({
    name: `${large.name}, by ${few.toLocaleString("en-US")}`,
    times: ratioOf(large, firstOf([small[index]], large.name)),
  }));
}

async function callsAt(stage: Stage, size: number): Promise<Work[]> {
  return [
    await sessionsAt(stage, size),
    await tokensAt(stage, size),
    await signInsAt(stage, size),
    await memberPages(stage, size),
  ];
}

async function sessionsAt(stage: Stage, size: number): Promise<Work> {
  const { administrators } = await filledFirm(stage, size);
  const sessions = await sessionsOf(stage, administrators, SESSIONS);
  return checks(stage, `session check, firm of ${size.toLocaleString("en-US")}`, sessions);
}

async function tokensAt(stage: Stage, size: number): Promise<Work> {
  const { administrators } = await filledFirm(stage, size);
  return checks(
    stage,
    `API token, firm of ${size.toLocaleString("en-US")}`,
    await apiTokensOf(stage, administrators),
  );
}

function checks(stage: Stage, name: string, of: { host: string; token: string }[]): Work {
  const requests = of.map((one) =>
    requestText({ host: one.host, path: "/api/v1/session", headers: bearer(one) }),
  );
  return ourWork(stage, name, requests);
}

async function signInsAt(stage: Stage, size: number): Promise<Work> {
  const { administrators } = await filledFirm(stage, size);
  return ourWork(
    stage,
    `sign-in, firm of ${size.toLocaleString("en-US")}`,
    await signIns(stage, administrators),
    201,
  );
}

async function growthInFirms(stage: Stage): Promise<Grown[]> {
  const calls = await hotCalls(stage);
  const before = await byFloor(stage, calls);
  await filledFirms(stage, FIRMS);
  const after = await byFloor(stage, calls);
  return calls.map(({ name }, index) => ({
    name: `${name}, among ${FIRMS.toLocaleString("en-US")} firms by 100`,
    times: timesOf(firstOf([after[index]], name), firstOf([before[index]], name)),
  }));
}

async function hotCalls(stage: Stage): Promise<Work[]> {
  return [
    await bearerCheck(stage),
    await oneTokenCheck(stage),
    ourWork(stage, "POST /api/v1/sessions", await signIns(stage), 201),
    await resets(stage, "reset request", (name) => name),
    await signInPages(stage),
  ];
}

/** Each call's CPU by that of a floor that was measured beside it. */
async function byFloor(stage: Stage, calls: Work[]): Promise<Figure[]> {
  const measured = await inTurns([await hashFloor(stage), ...calls], {
    connections: CONNECTIONS,
    postgres: stage.postgres,
  });
  const [beside] = measured;
  return measured.slice(1).map((one: Measured) => ratioOf(one, firstOf([beside], "The floor")));
}

/** The extremes are those of the two figures, not of rounds: no round of one belongs to a round of the other. */
function timesOf(after: Figure, before: Figure): Figure {
  const { lowest, highest } = figureOf([after.lowest / before.highest, after.highest / before.lowest]);
  return { median: after.median / before.median, lowest, highest };
}
