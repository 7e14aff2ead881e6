import { MINUTE } from "#lib/core/clock.ts";
import { log } from "#lib/core/log.ts";
import { processSingleton } from "#lib/core/process.ts";

/**
 * Checks that were answered with yes are told of once a minute, by their number: a line for each would cost as much as the
 * answer, and say nothing. Whatever was refused or went wrong has a line of its own.
 */
export function countCheck(path: string): void {
  const counts = processSingleton("check-counts", startCounting);
  counts.set(path, (counts.get(path) ?? 0) + 1);
}

function startCounting(): Map<string, number> {
  const counts = new Map<string, number>();
  setInterval(() => tell(counts), MINUTE).unref();
  return counts;
}

function tell(counts: Map<string, number>): void {
  if (counts.size === 0) return;
  log().info({ checks: Object.fromEntries(counts) }, "checks answered within the last minute");
  counts.clear();
}
