import type { Tenant } from "#lib/core/context.ts";
import { findTenant } from "./find-tenant.ts";
import { forgetFirm } from "./firm-cache.ts";

/**
 * The firm as it is now, where the database has told that what is known of it is out of date. Undefined where it has been
 * closed, or its slug is another firm's.
 */
export async function presentTenant({ id, slug }: Tenant): Promise<Tenant | undefined> {
  forgetFirm(slug);
  const present = await findTenant(slug);
  return present?.id === id ? present : undefined;
}
