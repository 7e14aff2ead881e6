import { all, besidePeer, bound, type Finding, pace, reportOf, timesPeer } from "../finding.ts";
import { floor } from "../floors.ts";
import { requestText } from "../load/load.ts";
import { inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import { apiTokensOf, type Credential, populationOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { bearer, firstOf, ourWork } from "../works.ts";

const CONNECTIONS = 32;

/** What it costs to ask whom an API token speaks for, as a resource server and in front of every call (PERF2). */
export async function tokenCheck(stage: Stage): Promise<Report> {
  const tokens = await someTokens(stage);
  const ours = [bearerCheck(stage, tokens), introspection(stage, tokens)];
  const others = [await tokenFloor(stage, tokens), ...(stage.peer ? [await stage.peer.apiKeyCheck()] : [])];
  const measured = await inTurns([...ours, ...others], {
    connections: CONNECTIONS,
    postgres: stage.postgres,
  });
  const own = measured.slice(0, ours.length);
  const [raw, peer] = measured.slice(ours.length);
  const findings = own.map((one) => findingOf(one, firstOf([raw], "The floor"), peer));
  return reportOf("API token check", { ours: own, others: measured.slice(ours.length) }, { findings });
}

function findingOf(own: Measured, raw: Measured, peer: Measured | undefined): Finding {
  return {
    work: own.name,
    measured: `${pace(own)}; ${spread(ratioOf(raw, own))} of the floor by CPU${besidePeer(peer, own)}`,
    cpu: own,
    gate: timesPeer(6, peer, own),
    target: all(timesPeer(18, peer, own), bound("asked of the database every time", true)),
  };
}

async function someTokens(stage: Stage): Promise<Credential[]> {
  const { administrators } = await populationOf(stage);
  return apiTokensOf(stage, administrators);
}

export async function oneTokenCheck(stage: Stage): Promise<Work> {
  return bearerCheck(stage, await someTokens(stage));
}

function bearerCheck(stage: Stage, tokens: Credential[]): Work {
  const requests = tokens.map((one) =>
    requestText({ host: one.host, path: "/api/v1/session", headers: bearer(one) }),
  );
  return ourWork(stage, "GET /api/v1/session, API token", requests);
}

/** Each is asked about by a program of the same firm, with a token of its own. */
function introspection(stage: Stage, tokens: Credential[]): Work {
  const requests = tokens.map((one) =>
    requestText({
      ...{ host: one.host, method: "POST", path: "/api/v1/introspect" },
      headers: { ...bearer(one), "content-type": "application/x-www-form-urlencoded" },
      body: `token=${one.token}`,
    }),
  );
  return ourWork(stage, "POST /api/v1/introspect", requests);
}

async function tokenFloor(stage: Stage, tokens: Credential[]): Promise<Work> {
  return {
    name: "floor: node:http and the token by its hash",
    ...(await floor(stage, "api-token")),
    requests: tokens.map((one) => requestText({ host: one.host, path: "/token", headers: bearer(one) })),
  };
}
