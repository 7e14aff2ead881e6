import { all, besidePeer, bound, pace, reportOf, timesPeer } from "../finding.ts";
import { floor } from "../floors.ts";
import { figureOf, inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { firstOf, hashFloor, ourWork, signIns } from "../works.ts";

const CONNECTIONS = 4;
const BESIDE_HASH_MS = 1.5;

/** A whole sign-in by password, against what its hash alone costs (PERF3). */
export async function signIn(stage: Stage): Promise<Report> {
  const requests = await signIns(stage);
  const works: Work[] = [
    ourWork(stage, "POST /api/v1/sessions", requests, 201),
    await hashFloor(stage),
    { name: "floor: look-up, hash, session", ...(await floor(stage, "sign-in")), requests, expect: 201 },
    ...(stage.peer ? [await stage.peer.signIn()] : []),
  ];
  const [own, hash, raw, peer] = await inTurns(works, { connections: CONNECTIONS, postgres: stage.postgres });
  return reportOn(firstOf([own], "The sign-in"), firstOf([hash], "The hash"), [raw, peer]);
}

function reportOn(own: Measured, hash: Measured, [raw, peer]: (Measured | undefined)[]): Report {
  const share = ratioOf(own, hash, "perSecond");
  const beside = figureOf(
    own.samples.map(({ cpu }, round) => cpu - (hash.samples[round]?.cpu ?? Number.NaN)),
  );
  const measured = `${pace(own)}; ${spread(share)} of the hash-only rate; ${spread(beside)} ms beside the hash${besidePeer(peer, own)}`;
  const finding = {
    ...{ work: own.name, measured, cpu: own },
    gate: all(timesPeer(5, peer, own), bound(">= 0.75 of the hash-only rate", share.median >= 0.75)),
    target: all(
      bound(">= 0.88 of the hash-only rate", share.median >= 0.88),
      bound(`<= ${BESIDE_HASH_MS} ms CPU beside the hash`, beside.median <= BESIDE_HASH_MS),
    ),
  };
  const others = [hash, raw, peer].filter((one) => one !== undefined);
  return reportOf("Password sign-in", { ours: [own], others }, { findings: [finding] });
}
