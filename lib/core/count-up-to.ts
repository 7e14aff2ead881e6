import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";

/** As far as a page counts, and one more: what is beyond it is "more than 1,000". */
export const COUNTED = 1001;

/** What is selected where rows are only counted. */
export const ONE = { one: sql<number>`1`.as("one") };

/**
 * A limit that PostgreSQL knows when it plans a statement once for all times: of one that comes as a parameter it expects a
 * tenth of the firm, and plans for that or anew each time.
 */
export function upTo(rows: number): number {
  return sql.raw(String(rows)) as unknown as number;
}

/** How many rows there are, as far as the question's own limit goes: to count a million costs as much as to read them. */
export async function countUpTo(db: TenantDb, limited: SQLWrapper): Promise<number> {
  const [all] = await db.execute<{ total: number }>(sql`select ${countOf(limited)} as total`);
  return all?.total ?? 0;
}

/** The same as a column of another statement. */
export function countOf(limited: SQLWrapper): SQL {
  return sql`(select count(*)::integer from ${limited} as counted)`;
}
