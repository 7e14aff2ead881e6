import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";

/**
 * Has PostgreSQL plan each statement of the transaction for what was typed or chosen. A prepared one keeps, after a few times, the plan
 * for everything: how a name that nobody has is looked for would then depend on what others searched before.
 */
export async function planAnew(db: TenantDb): Promise<void> {
  await db.execute(sql`select set_config('plan_cache_mode', 'force_custom_plan', true)`);
}
