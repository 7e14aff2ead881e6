import { and, desc, eq, gt } from "drizzle-orm";
import { knownDevices } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { browserName } from "./browser-name.ts";

/** Browsers in which a member is not asked for a second factor, the one used last in front. */
export async function findRememberedBrowsers(db: TenantDb, now: Date, memberId: string) {
  const rows = await db
    .select()
    .from(knownDevices)
    .where(and(eq(knownDevices.memberId, memberId), gt(knownDevices.trustedUntil, now)))
    .orderBy(desc(knownDevices.lastUsedAt), desc(knownDevices.id));
  return rows.map(({ id, userAgent, lastUsedAt, trustedUntil }) => ({
    id,
    browser: browserName(userAgent),
    lastUsedAt,
    until: trustedUntil ?? lastUsedAt,
  }));
}
