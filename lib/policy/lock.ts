import { LOCK_ACCOUNT_AFTER, type SecurityOptions } from "./security-options.ts";

/** All unknown places together. */
export const EVERYWHERE = "*";

/** Wrong passwords of one account that came from one place since the last right one. */
export type PlaceFailures = { place: string; failures: number };

/** Whether so many wrong passwords lock anybody out: the place they came from, or all unknown ones (DEC6). */
export function isLockedOut(
  counts: readonly PlaceFailures[],
  { lockAfter }: Pick<SecurityOptions, "lockAfter">,
): boolean {
  return counts.some(
    ({ place, failures }) => failures >= (place === EVERYWHERE ? LOCK_ACCOUNT_AFTER : lockAfter),
  );
}
