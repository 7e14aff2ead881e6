import { after, DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { SecurityOptions } from "./security-options.ts";

/** What can be unusual about a sign-in (F6). All of it is known here: nothing is asked of anybody else. */
export const SIGNALS = ["new_device", "dormant", "burst", "two_places"] as const;

export type Signal = (typeof SIGNALS)[number];

export type RiskFacts = {
  /** Whether this member has signed in here before. */
  knownDevice: boolean;
  lastSignInAt: Date | null;
  /** Wrong passwords and codes of the last hour, before this try. */
  lateFailures: number;
  /** Where the member's other sessions were seen last. */
  elsewhere: readonly Sighting[];
  here: Omit<Sighting, "at">;
  now: Date;
};

type Sighting = { source: string; userAgent: string; at: Date };

const DORMANT_AFTER = 90 * DAY;
const BURST_FAILURES = 5;
/** Nobody is in two places at once, and few change both place and browser within this time. */
export const AT_ONCE = 5 * MINUTE;

/** How long wrong tries are remembered as a burst. */
export const BURST_WITHIN = HOUR;

/** What is unusual about a sign-in, in a fixed order. */
export function riskSignals(facts: RiskFacts): Signal[] {
  return SIGNALS.filter((signal) => HOLDS[signal](facts));
}

const HOLDS: Record<Signal, (facts: RiskFacts) => boolean> = {
  // A first sign-in is in a new browser by nature.
  new_device: ({ knownDevice, lastSignInAt }) => !knownDevice && lastSignInAt !== null,
  dormant: ({ lastSignInAt, now }) => lastSignInAt !== null && now >= after(lastSignInAt, DORMANT_AFTER),
  burst: ({ lateFailures }) => lateFailures >= BURST_FAILURES,
  two_places: ({ elsewhere, here, now }) =>
    elsewhere.some(
      ({ source, userAgent, at }) =>
        source !== here.source && userAgent !== here.userAgent && now < after(at, AT_ONCE),
    ),
};

/** Whether the second factor is asked for even in a browser that is remembered. */
export function isAskedAnyway(
  signals: readonly Signal[],
  { riskSignals: mode }: Pick<SecurityOptions, "riskSignals">,
) {
  return mode === "ask" && signals.length > 0;
}

/** What each means, for the person and for the firm: both see why. */
export const SIGNAL_WORDS: Record<Signal, string> = {
  new_device: "This browser has not been used for this account before.",
  dormant: "Nobody had signed in to this account for 90 days or more.",
  burst: "There were five or more wrong passwords or codes within the hour before.",
  two_places: "The account was in use in another place, in another browser, within five minutes.",
};
