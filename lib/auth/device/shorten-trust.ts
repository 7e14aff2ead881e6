import { gt } from "drizzle-orm";
import { knownDevices } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";

/** No browser of the firm is remembered for longer than its options say from now on; of 0 days, none any more. */
export async function shortenTrust(
  db: TenantDb,
  now: Date,
  { rememberDeviceDays }: Pick<SecurityOptions, "rememberDeviceDays">,
): Promise<void> {
  const most = after(now, rememberDeviceDays * DAY);
  await db.update(knownDevices).set({ trustedUntil: most }).where(gt(knownDevices.trustedUntil, most));
}
