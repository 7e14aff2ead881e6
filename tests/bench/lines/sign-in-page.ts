import { all, besidePeer, bound, pace, reportOf, timesPeer } from "../finding.ts";
import { requestText } from "../load/load.ts";
import { inTurns, ratioOf, type Work } from "../measure.ts";
import { nextFloor } from "../next-floor.ts";
import { populationOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { firstOf, ourWork, VISIT } from "../works.ts";

const CONNECTIONS = 32;

/** A firm's page to sign in on, as a browser gets it that has not been there (PERF6). */
export async function signInPage(stage: Stage): Promise<Report> {
  const works = [
    await signInPages(stage),
    await barePage(stage),
    ...(stage.peer ? [await stage.peer.signInPage()] : []),
  ];
  const measured = await inTurns(works, { connections: CONNECTIONS, postgres: stage.postgres });
  const [own, bare, peer] = measured;
  const ours = firstOf([own], "The sign-in page");
  const share = ratioOf(firstOf([bare], "The bare page"), ours);
  const finding = {
    work: ours.name,
    measured: `${pace(ours)}; ${spread(share)}x as cheap as a bare dynamic page of Next${besidePeer(peer, ours)}`,
    cpu: ours,
    gate: timesPeer(4.5, peer, ours),
    target: all(timesPeer(20, peer, ours), bound("p99 <= 10 ms", ours.p99.median <= 10)),
  };
  return reportOf("Sign-in page", { ours: [ours], others: measured.slice(1) }, { findings: [finding] });
}

export async function signInPages(stage: Stage): Promise<Work> {
  const { administrators } = await populationOf(stage);
  const requests = administrators.map(({ host }) => requestText({ host, path: "/sign-in", headers: VISIT }));
  return ourWork(stage, "GET /sign-in", requests);
}

async function barePage({ portal }: Stage): Promise<Work> {
  const { port, pids } = await nextFloor(portal.ownerUrl);
  const requests = [requestText({ host: "localhost", path: "/", headers: VISIT })];
  return { name: "floor: a bare dynamic page of Next", port, pids, requests };
}
