import type { Figure, Measured } from "./measure.ts";
import { ratioOf } from "./measure.ts";
import type { Report } from "./report.ts";
import { milliseconds, plain, spread } from "./words.ts";

/** What has to hold, in words, and whether it does, or what it takes to know. */
export type Bound = { says: string; holds: boolean | "needs --peer" | "needs --soak" };

/** What one measurement says about the bar. */
export type Finding = {
  work: string;
  measured: string;
  cpu?: { app: Figure; postgres: Figure };
  gate: Bound;
  target: Bound;
};

/** How often the CPU of a peer's answer contains that of ours. */
export function timesPeer(times: number, peer: Measured | undefined, ours: Measured): Bound {
  const says = `>= ${times}x Better Auth by CPU`;
  return { says, holds: peer ? ratioOf(peer, ours).median >= times : "needs --peer" };
}

export const bound = (says: string, holds: boolean): Bound => ({ says, holds });

/** Of several bounds: all must hold, and what is not known makes the whole unknown unless one is missed. */
export function all(...bounds: Bound[]): Bound {
  const says = bounds.map((one) => one.says).join("; ");
  const missed = bounds.find(({ holds }) => holds === false);
  const unknown = bounds.find(({ holds }) => typeof holds === "string");
  return { says, holds: (missed ?? unknown)?.holds ?? true };
}

/** A rate, and the times of the answers. */
export function pace({ perSecond, p50, p99 }: Measured): string {
  return `${spread(perSecond)} req/s, p50 ${plain(p50.median)} ms, p99 ${plain(p99.median)} ms`;
}

type Compared = { ours: Measured[]; others: Measured[] };

/** The table of works that were measured in turns. Each of ours is compared with every other by CPU. */
export function reportOf(
  title: string,
  { ours, others }: Compared,
  { findings, notes = [] }: { findings: Finding[]; notes?: string[] },
): Report {
  const works = [...ours, ...others];
  const times = (one: Measured, other: Measured) => (one === other ? "" : spread(ratioOf(other, one)));
  return {
    title,
    header: [
      "work",
      "req/s",
      "p50 ms",
      "p99 ms",
      "CPU ms app",
      "CPU ms PG",
      ...ours.map(({ name }) => `CPU by that of "${name}"`),
    ],
    rows: works.map((one) => [
      ...[one.name, spread(one.perSecond), plain(one.p50.median), plain(one.p99.median)],
      ...[milliseconds(one.app), milliseconds(one.postgres)],
      ...ours.map((own) => times(own, one)),
    ]),
    notes,
    findings,
    data: works,
  };
}

/** Ours and a peer's in words, where the peer was measured. */
export function besidePeer(peer: Measured | undefined, ours: Measured): string {
  return peer ? `; ${spread(ratioOf(peer, ours))}x Better Auth by CPU` : "";
}
