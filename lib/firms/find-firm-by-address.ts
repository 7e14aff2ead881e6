import type { Tenant } from "#lib/core/context.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { placeOfHost } from "#lib/tenancy/origin.ts";

/** The enabled firm that somebody means by `globex`, `globex.portal.example` or the address of one of its pages. */
export async function findFirmByAddress(typed: string): Promise<Tenant | undefined> {
  const [host = ""] = typed
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .split(/[/?#]/);
  const place = placeOfHost(host);
  return findTenant(place && "slug" in place ? place.slug : host);
}
