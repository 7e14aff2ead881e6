import type { SecurityOptions } from "#lib/policy/security-options.ts";
import type { Database } from "./database.ts";

/** Gives a firm these security options from now on; what is not named is as recommended. */
export async function chooseOptions(
  database: Database,
  slug: string,
  options: Partial<SecurityOptions>,
): Promise<void> {
  await database`
    insert into security_options (tenant_id, version, options, expiry_since)
    select t.id, coalesce(max(o.version), 0) + 1, ${database.json(options)}, now()
      from tenants t left join security_options o on o.tenant_id = t.id where t.slug = ${slug} group by t.id`;
}
