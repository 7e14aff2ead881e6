import { desc, sql } from "drizzle-orm";
import { ssoEnforcements } from "#db/schema/connections.ts";
import { securityOptions } from "#db/schema/security-options.ts";
import { tenants } from "#db/schema/tenancy.ts";
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

/** What counts in this firm now. Options that a version does not know yet have their recommended value. */
export async function readSecurityOptions(db: TenantDb): Promise<SecurityPolicy> {
  const [newest] = await db
    .select({
      options: securityOptions.options,
      version: securityOptions.version,
      expirySince: securityOptions.expirySince,
      scope: ssoEnforcements.scope,
      enforcedFrom: ssoEnforcements.enforcedFrom,
    })
    .from(tenants)
    .leftJoin(securityOptions, sql`true`)
    .leftJoin(ssoEnforcements, sql`true`)
    .orderBy(sql`${desc(securityOptions.version)} nulls last`)
    .limit(1);
  const { scope, enforcedFrom } = newest ?? {};
  return {
    options: { ...RECOMMENDED, ...newest?.options },
    version: newest?.version ?? 0,
    expirySince: newest?.expirySince ?? null,
    enforcement: scope && enforcedFrom ? { scope, enforcedFrom } : undefined,
  };
}
