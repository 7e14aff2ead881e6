import { sql } from "drizzle-orm";
import { callAcrossTenants, type TenantId } from "#db/tenant.ts";
import { newestSealId, type Resealed, resealSecrets } from "#lib/auth/reseal-secrets.ts";
import { log } from "#lib/core/log.ts";

/**
 * Seals anew, in every firm, what an older key has sealed, so that the older key can go (SEC88). Trouble in one firm
 * holds up no other.
 */
export async function reencryptSecrets(): Promise<Resealed & { failed: number }> {
  const done = { resealed: 0, unreadable: 0, failed: 0 };
  const firms = await callAcrossTenants<{ tenant_id: TenantId }>(
    sql`select tenant_id from list_tenants_sealed_otherwise(${newestSealId()})`,
  );
  for (const { tenant_id: tenantId } of firms) {
    try {
      const { resealed, unreadable } = await resealSecrets(tenantId);
      done.resealed += resealed;
      done.unreadable += unreadable;
    } catch (error) {
      log().error({ tenantId, err: error }, "secrets could not be sealed anew");
      done.failed += 1;
    }
  }
  return done;
}
