import { after, DAY } from "#lib/core/clock.ts";
import { daysLeft, expiresAt, WARN_DAYS } from "#lib/policy/expiry.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";

export type Expiry = { expiresAt: Date; daysLeft: number };

/** What the bell beside the avatar says: that a password expires soon. Undefined while there is time (000-16). */
export function expiryNotice(
  { options, expirySince }: Pick<SecurityPolicy, "options" | "expirySince">,
  credential: { changedAt: Date | null } | undefined,
  now: Date,
): Expiry | undefined {
  const at = credential && expiresAt(options, { changedAt: credential.changedAt, expirySince });
  if (!at || now < after(at, -WARN_DAYS[0] * DAY)) return undefined;
  return { expiresAt: at, daysLeft: daysLeft(at, now) };
}
