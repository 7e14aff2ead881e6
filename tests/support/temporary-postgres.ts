import { randomBytes } from "node:crypto";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "#lib/boot/migrate-database.ts";
import { startTemporaryPostgres } from "#lib/boot/postgres/postgres.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    postgres: { ownerUrl: string; superuserUrl: string; appPassword: string };
  }
}

/** One PostgreSQL for the run, and in it the migrated database that every file of tests gets a copy of. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const { url: ownerUrl, superuserUrl, stop } = await startTemporaryPostgres();
  const appPassword = randomBytes(16).toString("hex");
  try {
    await migrateDatabase({ ownerUrl, appRolePassword: appPassword });
    await putClockIntoTestsHands(ownerUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  provide("postgres", { ownerUrl, superuserUrl, appPassword });
  return stop;
}

/** The product asks `portal_now()` for the time (S8). Here that function can be moved and stopped. */
async function putClockIntoTestsHands(ownerUrl: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`
    create table test_clock (stopped_at timestamptz, ahead interval not null default '0');
    insert into test_clock default values;
    grant select on test_clock to portal_app;
    create or replace function portal_now() returns timestamptz language sql stable
      return (select coalesce(stopped_at, now()) + ahead from test_clock);
  `);
  await sql.end();
}
