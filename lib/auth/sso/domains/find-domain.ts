import { and, eq } from "drizzle-orm";
import { connectionDomains } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { notFound } from "#lib/core/errors.ts";

/** A domain of one connection. Throws not_found. */
export async function requireDomain(
  db: TenantDb,
  { connectionId, domainId }: { connectionId: string; domainId: string },
): Promise<typeof connectionDomains.$inferSelect> {
  const [row] = await db
    .select()
    .from(connectionDomains)
    .where(and(eq(connectionDomains.id, domainId), eq(connectionDomains.connectionId, connectionId)));
  if (!row) throw notFound();
  return row;
}
