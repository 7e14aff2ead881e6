import { sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { type TenantId, withTenant } from "#db/tenant.ts";
import { GROUP_PRESETS } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import { isSlug } from "./slug.ts";

export type NewTenant = { slug: string; name: string; accent?: string };

/** Creates a firm with the security groups that every firm begins with. Throws invalid or conflict on its slug. */
export async function createTenant({ slug, name, accent }: NewTenant): Promise<Tenant> {
  if (!isSlug(slug)) {
    throw invalid({ slug: ["A slug is 1 to 63 letters, digits or hyphens, and not a reserved name."] });
  }
  const [row] = await database().execute<{ id: TenantId | null }>(
    sql`select create_tenant(${slug}, ${name}, ${accent ?? null}) as id`,
  );
  if (!row?.id) throw conflict("slug", `Another firm has the slug ${slug}.`);

  await withTenant(row.id, async (db) => {
    await db.insert(securityGroups).values(GROUP_PRESETS.map((group, position) => ({ ...group, position })));
  });
  return { id: row.id, slug, name, accent };
}
