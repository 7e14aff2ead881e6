import { after, DAY, HOUR } from "#lib/core/clock.ts";
import type { SecurityOptions } from "./security-options.ts";

/** What expiry goes by: the last change of a password, and since when the firm lets passwords expire at all. */
export type ExpiryFacts = {
  /** Null for a password whose date nobody knows: it counts from the day on which expiry was switched on (C5). */
  changedAt: Date | null;
  expirySince: Date | null;
};

/** How long a password is good that somebody else has set: as long as one that is mailed (001-05). */
export const SET_PASSWORD_LIFETIME = 48 * HOUR;

/** Days before the end at which the owner is warned, by mail once each and by the bell from the first on (000-16). */
export const WARN_DAYS = [14, 7, 1] as const;

/** When a password expires: that moment is the first at which it has. Undefined while passwords do not expire. */
export function expiresAt(
  { expiryDays }: Pick<SecurityOptions, "expiryDays">,
  { changedAt, expirySince }: ExpiryFacts,
): Date | undefined {
  const start = changedAt ?? expirySince;
  // Days of 24 hours, so that neither a leap day nor a change to summer time moves the end.
  return expiryDays > 0 && start ? after(start, expiryDays * DAY) : undefined;
}

export function isExpired(at: Date | undefined, now: Date): boolean {
  return at !== undefined && now >= at;
}

/** When a password must have been changed at the earliest to be good now, to the millisecond. Undefined while none expires. */
export function oldestGood({ expiryDays }: Pick<SecurityOptions, "expiryDays">, now: Date): Date | undefined {
  return expiryDays > 0 ? after(now, 1 - expiryDays * DAY) : undefined;
}

/** The warning that is due: the closest threshold that has been reached. Undefined before the first and after the end. */
export function dueWarning(at: Date | undefined, now: Date): (typeof WARN_DAYS)[number] | undefined {
  if (!at || isExpired(at, now)) return undefined;
  return [...WARN_DAYS].reverse().find((days) => now >= after(at, -days * DAY));
}

/** Days that are left, begun ones counted as whole. */
export function daysLeft(at: Date, now: Date): number {
  return Math.max(0, Math.ceil((at.getTime() - now.getTime()) / DAY));
}
