import { withTenant } from "#db/tenant.ts";
import type { DirectoryContext } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";

/** At once, and then 25 a second, which Entra ID asks for at least. Each token has its own. */
const REQUESTS = { burst: 1000, everySeconds: 0.04 };

/** Takes one request from what a token may ask. Throws rate_limited. */
export async function takeScimAllowance({ tenant, directory }: DirectoryContext): Promise<void> {
  const allowed = await withTenant(tenant.id, (db) =>
    takeAllowances(db, [{ key: `scim:${directory.tokenId}`, ...REQUESTS }]),
  );
  if (!allowed) throw rateLimited("too_many_requests", 1);
}
