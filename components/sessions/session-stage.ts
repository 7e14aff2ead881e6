const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long before the end somebody is warned (WCAG 2.2.1: at least 20 seconds). */
const WARNED_BEFORE = 2 * MINUTE;

/** When a session ends, as the server says it, with its own clock at that moment. */
export type SessionEnds = {
  asOf: string;
  /** Without another request. */
  endsAt: string;
  /** In any case. */
  expiresAt: string;
};

/** `quiet`, a warning that can be put off, one of the end that cannot, and the end. */
export type SessionStage = "quiet" | "idle" | "last" | "over";

/** The moment of the end by a clock that shows `here` when the server's shows `asOf`, in milliseconds. */
export function endByClock({ asOf, endsAt }: SessionEnds, here: number): number {
  return here + Date.parse(endsAt) - Date.parse(asOf);
}

/** Where a session stands at a moment of that clock. It is over a second late: by then the server says so, too. */
export function stageAt({ endsAt, expiresAt }: SessionEnds, end: number, here: number): SessionStage {
  if (here >= end + SECOND) return "over";
  if (here < end - WARNED_BEFORE) return "quiet";
  return endsAt === expiresAt ? "last" : "idle";
}

/** Of two that two pages of a browser were told, the one told last. */
export function newer(one: SessionEnds, other: SessionEnds): SessionEnds {
  return Date.parse(one.asOf) >= Date.parse(other.asOf) ? one : other;
}
