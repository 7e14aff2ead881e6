/** What a configuration has brought about since it serves. */
export type Outcomes = { successes: number; failures: number };

/** So many without a single success, and it does not work at all. */
const NEVER_WORKED = 3;

/** Fewer outcomes say nothing about a rate. */
const ENOUGH = 6;

/** Whether what has just been put into service fails so much that the one before takes its place again (G4). */
export function isSpike({ successes, failures }: Outcomes): boolean {
  if (successes === 0) return failures >= NEVER_WORKED;
  return successes + failures >= ENOUGH && failures > successes;
}
