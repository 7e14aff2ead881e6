import { sql } from "drizzle-orm";
import { callAcrossTenants, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { notFound } from "#lib/core/errors.ts";
import { operatorContext } from "./operator-context.ts";

export type TenantRow = { id: TenantId; slug: string; name: string; status: "enabled" | "disabled" };

/** All firms, for the operator's command line. */
export function listTenants(): Promise<TenantRow[]> {
  return callAcrossTenants<TenantRow>(sql`select id, slug, name, status from list_tenants()`);
}

/** One firm, open or closed. Throws not_found. */
export async function requireFirm(slug: string): Promise<TenantRow> {
  const firm = (await listTenants()).find((tenant) => tenant.slug === slug);
  if (!firm) throw notFound(`There is no firm with the slug ${slug}.`);
  return firm;
}

/**
 * Opens or closes a firm: for sessions and tokens with the next request, for visitors once each process has heard of it, which
 * is at once, or after 10 seconds where the notice is lost. Throws not_found.
 */
export async function changeTenantStatus(slug: string, status: TenantRow["status"]): Promise<void> {
  const firm = await requireFirm(slug);
  await withTenant(firm.id, async (db) => {
    await db.execute(sql`select change_tenant_status(${slug}, ${status})`);
    await recordEvent(db, operatorContext(firm), { event: `firm.${status}`, targetId: firm.id });
  });
}
