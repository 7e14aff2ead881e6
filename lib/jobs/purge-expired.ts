import { sql } from "drizzle-orm";
import { callAcrossTenants } from "#db/tenant.ts";

const BATCH = 1000;
/** A bound for one run; the next one goes on. */
const MAX_BATCHES = 500;

/** Deletes what has run out, in all firms, in short transactions. Gives the number of rows. */
export async function purgeExpired(): Promise<number> {
  let purged = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const [row] = await callAcrossTenants<{ rows: string }>(
      sql`select purge_expired(${BATCH}) + purge_factor_traces(${BATCH}) + purge_sso_traces(${BATCH}) as rows`,
    );
    const rows = Number(row?.rows ?? 0);
    if (rows === 0) break;
    purged += rows;
  }
  return purged;
}
