import { checkRuntimeRole } from "./check-runtime-role.ts";
import { keepSessionLimits } from "./keep-session-limits.ts";
import { migrateDatabase } from "./migrate-database.ts";

const { DATABASE_URL, DATABASE_APP_URL, DATABASE_DIRECT_URL, PORTAL_APP_PASSWORD } = process.env;

try {
  if (!DATABASE_URL || !DATABASE_APP_URL)
    throw new Error("DATABASE_URL and DATABASE_APP_URL are both needed.");
  await migrateDatabase({
    ownerUrl: DATABASE_URL,
    appRole: decodeURIComponent(new URL(DATABASE_APP_URL).username),
    appRolePassword: PORTAL_APP_PASSWORD || undefined,
  });
  // Before anything comes through a pooler, whose sessions have what was kept when they opened.
  await keepSessionLimits(DATABASE_DIRECT_URL ?? DATABASE_APP_URL);
  await checkRuntimeRole(DATABASE_APP_URL);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

// The cause says what PostgreSQL said; the message around it would repeat the whole statement.
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return `${error.message.split("\n")[0]}\n${explain(error.cause)}`;
  return error.message || String("code" in error ? error.code : error.name);
}
