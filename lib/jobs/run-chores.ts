import { sql } from "drizzle-orm";
import { callAcrossTenants, type TenantId } from "#db/tenant.ts";
import { warnOfExpiry } from "#lib/auth/expiry/warn-of-expiry.ts";
import { applyFactorResets } from "#lib/auth/lost-device/apply-factor-resets.ts";
import { warnOfCertificates } from "#lib/auth/sso/certificates/warn-of-certificates.ts";
import { checkDomains } from "#lib/auth/sso/domains/check-domains.ts";
import { log } from "#lib/core/log.ts";
import { eraseDeleted } from "#lib/members/erase-deleted.ts";
import { applyHeldAddresses } from "#lib/members/recovery/apply-held-addresses.ts";

type Chore = keyof typeof CHORES;

/** What is due at some hour though nobody asks for it, as `list_chores()` names it. Each gives how often it did it. */
const CHORES = {
  warn_of_expiry: warnOfExpiry,
  apply_held_addresses: applyHeldAddresses,
  apply_factor_resets: applyFactorResets,
  erase_deleted: eraseDeleted,
  check_domains: checkDomains,
  warn_of_certificates: warnOfCertificates,
};

/** Does what is due in every firm, one after the other; trouble in one firm holds up no other. */
export async function runChores(): Promise<Record<Chore | "failed", number>> {
  const done = {
    warn_of_expiry: 0,
    apply_held_addresses: 0,
    apply_factor_resets: 0,
    erase_deleted: 0,
    check_domains: 0,
    warn_of_certificates: 0,
    failed: 0,
  };
  const due = await callAcrossTenants<{ tenant_id: TenantId; chore: Chore }>(
    sql`select tenant_id, chore from list_chores()`,
  );
  for (const { tenant_id: tenantId, chore } of due) {
    try {
      done[chore] += await CHORES[chore](tenantId);
    } catch (error) {
      // The next hour tries again.
      log().error({ tenantId, chore, err: error }, "chore failed");
      done.failed += 1;
    }
  }
  return done;
}
