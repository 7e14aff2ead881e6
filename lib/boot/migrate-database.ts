import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { markFactors } from "./mark-factors.ts";
import { migrateJobEngine } from "./migrate-job-engine.ts";
import { ensureRuntimeRole, grantJobEngine, RUNTIME_ROLE } from "./runtime-role.ts";

const LEAST_SERVER_VERSION = 150_000;
const MIGRATIONS_FOLDER = "db/migrations";
const ATTEMPTS = 5;
/** A lock that did not come in time, and two that waited for each other: nothing has been changed then. */
const LOCKED_OUT = ["55P03", "40P01"];

type MigrateOptions = {
  ownerUrl: string;
  /** Gives `portal_app` a login with this password. Absent: the operator looks after the logins. */
  appRolePassword?: string;
  /** Role that the product runs as, when it is another than `portal_app`. */
  appRole?: string;
  migrationsFolder?: string;
};

/**
 * Brings a database to the schema of this checkout and lets the runtime role in. Safe to repeat, to interrupt and to
 * run twice at once: the session that migrates holds an advisory lock, and what it did not commit is undone.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<void> {
  // One connection: the lock belongs to its session, and ends with it however this process ends.
  const sql = postgres(options.ownerUrl, { max: 1, max_lifetime: null, onnotice: () => undefined });
  try {
    await requireSupportedServer(sql);
    await sql`select pg_advisory_lock(hashtextextended('portal.migrations', 0))`;
    await sql`set lock_timeout = '2s'`;
    await retryWhenLocked(() => bringUpToDate(sql, options));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function bringUpToDate(sql: postgres.Sql, options: MigrateOptions): Promise<void> {
  await ensureRuntimeRole(sql, options);
  // The engine first: our own migrations may refer to its functions.
  await migrateJobEngine(options.ownerUrl);
  await migrate(drizzle(sql), { migrationsFolder: options.migrationsFolder ?? MIGRATIONS_FOLDER });
  await grantJobEngine(sql, RUNTIME_ROLE);
  await markFactors(sql);
}

async function requireSupportedServer(sql: postgres.Sql): Promise<void> {
  const [row] = await sql`select current_setting('server_version_num')::int as number, version()`;
  if (row && row.number >= LEAST_SERVER_VERSION) return;
  throw new Error(`The database is ${row?.version}; the portal needs PostgreSQL 15 or newer.`);
}

/** A statement that waits for a lock makes everybody behind it wait too, so it gives up early and tries again. */
async function retryWhenLocked(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isLockedOut(error)) throw error;
    }
  }
}

function isLockedOut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && LOCKED_OUT.includes(String(error.code))) || isLockedOut(error.cause);
}
