import { and, eq, isNotNull } from "drizzle-orm";
import { passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";

/**
 * Whether there is anything to take away from a member: a passkey that is suspected of being a copy, and a recovery code
 * that is left over, count too.
 */
export async function hasAnyFactor(db: TenantDb, memberId: string): Promise<boolean> {
  const isApp = and(eq(totpFactors.memberId, memberId), isNotNull(totpFactors.confirmedAt));
  const apps = await db.select({ id: totpFactors.id }).from(totpFactors).where(isApp).limit(1);
  if (apps.length > 0) return true;
  for (const table of [passkeys, recoveryCodes]) {
    const [found] = await db
      .select({ id: table.id })
      .from(table)
      .where(eq(table.memberId, memberId))
      .limit(1);
    if (found) return true;
  }
  return false;
}
