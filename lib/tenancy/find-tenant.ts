import { sql } from "drizzle-orm";
import { callAcrossTenants, type TenantId } from "#db/tenant.ts";
import type { Tenant } from "#lib/core/context.ts";
import { isSlug } from "./slug.ts";

type Row = { id: string; slug: string; name: string; status: string; accent: string | null };

/** The enabled firm of a slug. A disabled one looks like one that never was. */
export async function findTenant(slug: string): Promise<Tenant | undefined> {
  if (!isSlug(slug)) return undefined;
  const [row] = await callAcrossTenants<Row>(sql`select * from find_tenant(${slug})`);
  if (row?.status !== "enabled") return undefined;
  return { id: row.id as TenantId, slug: row.slug, name: row.name, accent: row.accent ?? undefined };
}
