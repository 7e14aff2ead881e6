import type { TenantDb } from "#db/tenant.ts";
import { restoreAllowance, takeAllowances } from "#lib/core/rate-limit.ts";

/** A second press within half a minute is the same wish, not a second mail (B7). */
const ONE_WISH = { burst: 1, everySeconds: 30 };

/** Takes the one wish that somebody may be mailed for, whichever button or batch it comes from. */
export function takeWish(db: TenantDb, memberId: string): Promise<boolean> {
  return takeAllowances(db, [{ key: keyOf(memberId), ...ONE_WISH }]);
}

/** A wish that was taken back was none. */
export function forgetWish(db: TenantDb, memberId: string): Promise<void> {
  return restoreAllowance(db, keyOf(memberId));
}

const keyOf = (memberId: string) => `reset:button:${memberId}`;
