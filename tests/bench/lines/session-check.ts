import { all, besidePeer, bound, type Finding, pace, reportOf, timesPeer } from "../finding.ts";
import { floor } from "../floors.ts";
import { requestText } from "../load/load.ts";
import { inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import { type Credential, populationOf, sessionsOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { bearer, cookie, ourWork } from "../works.ts";

const SESSIONS = 500;
const CONNECTIONS = 32;

/** What it costs another application to ask who somebody is (PERF1). */
export async function sessionCheck(stage: Stage): Promise<Report> {
  const ours = await checks(stage);
  const others = [await sessionFloor(stage), ...(stage.peer ? [await stage.peer.sessionCheck()] : [])];
  const measured = await inTurns([...ours, ...others], {
    connections: CONNECTIONS,
    postgres: stage.postgres,
  });
  const own = measured.slice(0, ours.length);
  const [raw, peer] = measured.slice(ours.length);
  if (!raw) throw new Error("The floor was not measured.");
  return reportOf(
    "Session check",
    { ours: own, others: measured.slice(ours.length) },
    { findings: own.map((one) => findingOf(one, raw, peer)) },
  );
}

function findingOf(own: Measured, raw: Measured, peer: Measured | undefined): Finding {
  const share = ratioOf(raw, own);
  return {
    work: own.name,
    measured: `${pace(own)}; ${spread(share)} of the floor by CPU${besidePeer(peer, own)}`,
    cpu: own,
    gate: timesPeer(5, peer, own),
    target: all(
      timesPeer(12, peer, own),
      bound(">= 0.85 of the floor", share.median >= 0.85),
      bound("p99 <= 12 ms", own.p99.median <= 12),
    ),
  };
}

async function checks(stage: Stage): Promise<Work[]> {
  const { contacts } = await populationOf(stage);
  const sessions = await sessionsOf(stage, contacts, SESSIONS);
  const work = (name: string, path: string, headers: (of: Credential) => Record<string, string>): Work =>
    ourWork(
      stage,
      name,
      sessions.map((one) => requestText({ host: one.host, path, headers: headers(one) })),
    );
  return [
    work("GET /api/v1/session, bearer", "/api/v1/session", bearer),
    work("GET /api/v1/session, cookie", "/api/v1/session", cookie),
    work("GET /api/v1/forward-auth, cookie", "/api/v1/forward-auth", cookie),
  ];
}

/** A session check as any other application asks it, for lines that need one beside something else. */
export async function bearerCheck(stage: Stage): Promise<Work> {
  const [first] = await checks(stage);
  if (!first) throw new Error("There is no session check.");
  return first;
}

async function sessionFloor(stage: Stage): Promise<Work> {
  const { contacts } = await populationOf(stage);
  const sessions = await sessionsOf(stage, contacts, SESSIONS);
  return {
    name: "floor: node:http and one join",
    ...(await floor(stage, "session")),
    requests: sessions.map((one) => requestText({ host: one.host, path: "/session", headers: bearer(one) })),
  };
}
