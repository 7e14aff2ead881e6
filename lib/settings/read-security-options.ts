import { desc } from "drizzle-orm";
import { securityOptions } from "#db/schema/security-options.ts";
import type { TenantDb } from "#db/tenant.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";

export type SecurityPolicy = {
  options: SecurityOptions;
  /** 0 while nobody of the firm has saved any. */
  version: number;
  /** When expiry was last switched on; null while it is off. */
  expirySince: Date | null;
};

/** What counts in this firm now. Options that a version does not know yet have their recommended value. */
export async function readSecurityOptions(db: TenantDb): Promise<SecurityPolicy> {
  const [newest] = await db
    .select({
      options: securityOptions.options,
      version: securityOptions.version,
      expirySince: securityOptions.expirySince,
    })
    .from(securityOptions)
    .orderBy(desc(securityOptions.version))
    .limit(1);
  if (!newest) return { options: RECOMMENDED, version: 0, expirySince: null };
  return { ...newest, options: { ...RECOMMENDED, ...newest.options } };
}
