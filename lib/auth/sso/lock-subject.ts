import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

/**
 * One at a time for each person of a provider, until the transaction ends: or two first sign-ins would make two accounts. The
 * connection is held against being retired in between, before any member is locked.
 */
export async function lockSubject(
  db: TenantDb,
  { connectionId, subject }: Pick<UpstreamIdentity, "connectionId" | "subject">,
): Promise<void> {
  await db.execute(sql`select 1 from connections where id = ${connectionId} for key share`);
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${connectionId}:${subject}`}, 0))`);
}
