import type { SecurityOptions } from "#lib/policy/security-options.ts";
import type { Database } from "./database.ts";

/** Gives a firm these security options from now on; what is not named is as it was. */
export async function chooseOptions(
  database: Database,
  slug: string,
  options: Partial<SecurityOptions>,
): Promise<void> {
  await database`
    insert into security_options (tenant_id, version, options, expiry_since)
    select tenant_id, version + 1, options || ${database.json(options)}, now()
      from security_options where tenant_id = (select id from tenants where slug = ${slug})
     order by version desc limit 1`;
}
