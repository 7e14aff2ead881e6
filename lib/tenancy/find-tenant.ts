import { askPrepared, type TenantId } from "#db/tenant.ts";
import type { Tenant } from "#lib/core/context.ts";
import { cachedFirm } from "./firm-cache.ts";
import { isSlug } from "./slug.ts";

type Row = { id: string; slug: string; name: string; status: string; accent: string | null; version: string };

/** The enabled firm of a slug. A disabled one looks like one that never was. */
export async function findTenant(slug: string): Promise<Tenant | undefined> {
  return isSlug(slug) ? cachedFirm(slug, askForTenant) : undefined;
}

async function askForTenant(slug: string): Promise<Tenant | undefined> {
  const [row] = await askPrepared<Row>("select * from find_tenant($1)", [slug]);
  if (row?.status !== "enabled") return undefined;
  const { id, name, accent, version } = row;
  return { id: id as TenantId, slug, name, accent: accent ?? undefined, version: Number(version) };
}
