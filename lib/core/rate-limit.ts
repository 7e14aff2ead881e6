import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";

/** At most `burst` at once, then one every `everySeconds`. */
export type RateLimit = { key: string; burst: number; everySeconds: number };

/** Takes one from each allowance. False when any of them is used up; those before it stay taken. */
export async function takeAllowances(db: TenantDb, limits: RateLimit[]): Promise<boolean> {
  // In one order for everybody: two requests over the same keys must not lock each other out.
  const wanted = [...limits].sort((a, b) => (a.key < b.key ? -1 : 1));
  const rows = wanted.map((limit) => sql`(${limit.key}, ${limit.burst}::int, ${limit.everySeconds}::float8)`);
  const [row] = await db.execute<{ taken: boolean }>(sql`
    select bool_and(take_allowance(key, burst, every)) as taken
      from (values ${sql.join(rows, sql`, `)}) as wanted (key, burst, every)`);
  return row?.taken === true;
}

/** Makes an allowance whole again, as after a success. */
export async function restoreAllowance(db: TenantDb, key: string): Promise<void> {
  await db.execute(sql`delete from rate_limits where key = ${key}`);
}
