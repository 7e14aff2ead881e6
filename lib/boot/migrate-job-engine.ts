// biome-ignore lint/style/noRestrictedImports: its tables belong to the owner role, and lib/jobs runs as the other one.
import { runMigrations } from "graphile-worker";

/** Brings graphile-worker's own schema up to date. */
export async function migrateJobEngine(ownerUrl: string): Promise<void> {
  const connectionString = new URL(ownerUrl);
  connectionString.searchParams.set("options", "-c lock_timeout=2s");
  await runMigrations({ connectionString: connectionString.href, schema: "graphile_worker" });
}
