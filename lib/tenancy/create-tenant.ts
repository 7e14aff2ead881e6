import { sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { type TenantDb, type TenantId, type Transaction, withNewTenant } from "#db/tenant.ts";
import { GROUP_PRESETS } from "#lib/access/permissions.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import { isSlug } from "./slug.ts";

export type NewTenant = { slug: string; name: string; accent?: string };

/**
 * Creates a firm with the security groups that every firm begins with, and whatever else belongs to its birth. Throws
 * invalid or conflict on its slug.
 */
export async function createTenant<T>(
  firm: NewTenant,
  furnish: (db: TenantDb, now: Date, tenantId: TenantId) => Promise<T>,
): Promise<T> {
  if (!isSlug(firm.slug)) {
    throw invalid({ slug: ["A slug is 1 to 63 letters, digits or hyphens, and not a reserved name."] });
  }
  return withNewTenant(
    (transaction) => insertTenant(transaction, firm),
    async (db, now, tenantId) => {
      await db
        .insert(securityGroups)
        .values(GROUP_PRESETS.map((group, position) => ({ ...group, position })));
      return furnish(db, now, tenantId);
    },
  );
}

async function insertTenant(transaction: Transaction, { slug, name, accent }: NewTenant): Promise<TenantId> {
  const [row] = await transaction.execute<{ id: TenantId | null }>(
    sql`select create_tenant(${slug}, ${name}, ${accent ?? null}) as id`,
  );
  if (!row?.id) throw conflict("slug", `Another firm has the slug ${slug}.`);
  return row.id;
}
