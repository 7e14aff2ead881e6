import { eq, sql } from "drizzle-orm";
import { connectionConfigurations } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";

/** A sign-in came through with this configuration. */
export async function countSuccess(db: TenantDb, configurationId: string): Promise<void> {
  await db
    .update(connectionConfigurations)
    .set({ successes: sql`${connectionConfigurations.successes} + 1` })
    .where(eq(connectionConfigurations.id, configurationId));
}

/** A sign-in that somebody had begun failed with this configuration. */
export async function countFailure(
  db: TenantDb,
  _ctx: RunContext,
  { configurationId }: { configurationId: string; reason: string },
): Promise<void> {
  await db
    .update(connectionConfigurations)
    .set({ failures: sql`${connectionConfigurations.failures} + 1` })
    .where(eq(connectionConfigurations.id, configurationId));
}
