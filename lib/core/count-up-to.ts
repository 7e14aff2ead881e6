import { type SQLWrapper, sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";

/** As far as a page counts, and one more: what is beyond it is "more than 1,000". */
export const COUNTED = 1001;

/** What is selected where rows are only counted. */
export const ONE = { one: sql<number>`1`.as("one") };

/** How many rows there are, as far as the question's own limit goes: to count a million costs as much as to read them. */
export async function countUpTo(db: TenantDb, limited: SQLWrapper): Promise<number> {
  const [all] = await db.execute<{ total: number }>(
    sql`select count(*)::integer as total from ${limited} as counted`,
  );
  return all?.total ?? 0;
}
