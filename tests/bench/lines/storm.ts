import { bound, reportOf } from "../finding.ts";
import { type Measured, measuredOf, once, ROUNDS, ratioOf, type Sample, type Work } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { plain, spread } from "../words.ts";
import { ourWork, signIns } from "../works.ts";
import { bearerCheck } from "./session-check.ts";

const CONNECTIONS = 16;

/** Whether somebody who is signed in notices that everybody else signs in (PERF4). */
export async function storm(stage: Stage): Promise<Report> {
  const check = await bearerCheck(stage);
  const calls = ourWork(stage, "sign-ins", await signIns(stage), 201);
  const ours = await calmAndStorm(stage, check, calls);
  const peer =
    stage.peer && (await calmAndStorm(stage, await stage.peer.sessionCheck(), await stage.peer.signIn()));
  const share = ratioOf(ours.storm, ours.calm, "perSecond");
  const { p99 } = ours.storm;
  const finding = {
    work: "session check during a sign-in storm",
    measured: `p99 ${spread(p99)} ms; ${spread(ours.storm.perSecond)} req/s, ${plain(share.median * 100)} % of the calm rate`,
    gate: bound("p99 <= 60 ms", p99.median <= 60),
    target: bound("p99 <= 12 ms, >= 50 % of the calm rate", p99.median <= 12 && share.median >= 0.5),
  };
  const others = peer ? [peer.calm, peer.storm] : [];
  const notes = [
    `${CONNECTIONS} connections sign in and ${CONNECTIONS} check, at once; CPU is that of both.`,
  ];
  return reportOf("Storm", { ours: [ours.calm, ours.storm], others }, { findings: [finding], notes });
}

type Both = Record<"calm" | "storm", Measured>;

async function calmAndStorm({ postgres }: Stage, check: Work, signInsToo: Work): Promise<Both> {
  const wish = { connections: CONNECTIONS, postgres };
  const samples = { calm: [] as Sample[], storm: [] as Sample[] };
  await once(check, wish);
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.calm.push(await once(check, wish));
    const [during] = await Promise.all([once(check, wish), once(signInsToo, wish)]);
    samples.storm.push(during);
  }
  return {
    calm: measuredOf(`${check.name}, calm`, samples.calm),
    storm: measuredOf(`${check.name}, storm`, samples.storm),
  };
}
