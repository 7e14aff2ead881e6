import { all, besidePeer, bound, pace, reportOf, timesPeer } from "../finding.ts";
import { requestText } from "../load/load.ts";
import { inTurns, ratioOf, type Work } from "../measure.ts";
import { nextFloor } from "../next-floor.ts";
import { type Credential, filledFirm, sessionsOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { cookie, firstOf, ourWork, VISIT } from "../works.ts";

const CONNECTIONS = 16;
const SESSIONS = 100;
/** A fifth of them are staff; with those who look at them they are fifty, as on the bare page. */
const MEMBERS = 150;

/** A page of the signed-in shell with one list of fifty people (PERF8). */
export async function memberPage(stage: Stage): Promise<Report> {
  const works = [
    await memberPages(stage, MEMBERS),
    await joinedPage(stage),
    ...(stage.peer ? [await stage.peer.memberPage()] : []),
  ];
  const measured = await inTurns(works, { connections: CONNECTIONS, postgres: stage.postgres });
  const [own, bare, peer] = measured;
  const ours = firstOf([own], "The page");
  const share = ratioOf(firstOf([bare], "The bare page"), ours);
  const finding = {
    work: ours.name,
    measured: `${pace(ours)}; ${spread(share)} of a bare page of Next with one join by CPU${besidePeer(peer, ours)}`,
    cpu: ours,
    gate: timesPeer(1.5, peer, ours),
    target: all(timesPeer(1.8, peer, ours), bound(">= 0.9 of bare Next with one join", share.median >= 0.9)),
  };
  return reportOf("Signed-in page", { ours: [ours], others: measured.slice(1) }, { findings: [finding] });
}

/** The list of members of a firm with so many people. */
export async function memberPages(stage: Stage, members: number): Promise<Work> {
  return ourWork(
    stage,
    `GET /members of ${members.toLocaleString("en-US")}`,
    await visits(stage, members, "/members"),
  );
}

async function visits(stage: Stage, members: number, path: string): Promise<string[]> {
  const { administrators } = await filledFirm(stage, members);
  const sessions: Credential[] = await sessionsOf(stage, administrators, SESSIONS);
  return sessions.map((one) => requestText({ host: one.host, path, headers: { ...cookie(one), ...VISIT } }));
}

async function joinedPage(stage: Stage): Promise<Work> {
  const { port, pids } = await nextFloor(stage.portal.ownerUrl);
  const requests = await visits(stage, MEMBERS, "/joined");
  return { name: "floor: a bare page of Next with one join", port, pids, requests };
}
