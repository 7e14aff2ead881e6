import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import type { SsoEnforcement } from "#lib/policy/sso-enforcement.ts";

export type SecurityPolicy = {
  options: SecurityOptions;
  /** 0 while nobody of the firm has saved any. */
  version: number;
  /** When expiry was last switched on; null while it is off. */
  expirySince: Date | null;
  /** Who gets in by SSO alone, and from when; undefined while everybody has their own way (G5). */
  enforcement: SsoEnforcement | undefined;
};

/** What counts in this firm now. */
export async function readSecurityOptions(db: TenantDb): Promise<SecurityPolicy> {
  const [row] = await db.execute<{ policy: StoredPolicy }>(sql`select current_policy() as policy`);
  return policyOf(row?.policy);
}

/** As `current_policy()` gives it: null where nobody of the firm has saved any. */
export type StoredPolicy = {
  options: Partial<SecurityOptions> | null;
  version: number | null;
  expirySince: string | null;
  scope: SsoEnforcement["scope"] | null;
  enforcedFrom: string | null;
};

/** Options that a version does not know yet have their recommended value. */
export function policyOf(stored: StoredPolicy | undefined): SecurityPolicy {
  const { options, version, expirySince, scope, enforcedFrom } = stored ?? {};
  return {
    options: { ...RECOMMENDED, ...options },
    version: version ?? 0,
    expirySince: expirySince ? new Date(expirySince) : null,
    enforcement: scope && enforcedFrom ? { scope, enforcedFrom: new Date(enforcedFrom) } : undefined,
  };
}
