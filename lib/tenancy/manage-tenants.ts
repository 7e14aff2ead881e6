import { sql } from "drizzle-orm";
import { database } from "#db/client.ts";

export type TenantRow = { id: string; slug: string; name: string; status: "enabled" | "disabled" };

/** All firms, for the operator's command line. */
export async function listTenants(): Promise<TenantRow[]> {
  return [...(await database().execute<TenantRow>(sql`select id, slug, name, status from list_tenants()`))];
}

/** Opens or closes a firm; effective on the next request. False when there is none of that slug. */
export async function changeTenantStatus(slug: string, status: TenantRow["status"]): Promise<boolean> {
  const [row] = await database().execute<{ id: string | null }>(
    sql`select change_tenant_status(${slug}, ${status}) as id`,
  );
  return Boolean(row?.id);
}
