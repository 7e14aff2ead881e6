import type { Tenant } from "#lib/core/context.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { owner } from "./database.ts";

/** Gives a firm these security options from now on; the others are the recommended ones. */
export async function withOptions(tenant: Tenant, wanted: Partial<SecurityOptions>): Promise<Tenant> {
  const options = { ...RECOMMENDED, ...wanted };
  await owner()`
    insert into security_options (tenant_id, version, options, expiry_since)
    select ${tenant.id}, coalesce(max(version), 0) + 1, ${owner().json(options)},
           case when ${options.expiryDays} > 0 then portal_now() end
      from security_options where tenant_id = ${tenant.id}`;
  return tenant;
}
