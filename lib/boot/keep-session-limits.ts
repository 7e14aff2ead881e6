import postgres from "postgres";
import { SESSION_LIMITS } from "#db/client.ts";
import { retryWhenRaced } from "./runtime-role.ts";

/**
 * Has PostgreSQL itself begin each session of the runtime role with the limits that it has to work within, in this
 * database. A pooler passes on nothing of what a client asks for as it connects (PgBouncer refuses it or drops it).
 *
 * @param directUrl the runtime role's login, past any pooler
 */
export async function keepSessionLimits(directUrl: string): Promise<void> {
  const sql = postgres(directUrl, { max: 1, prepare: false, onnotice: () => undefined });
  try {
    await retryWhenRaced(() => keepMissing(sql));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function keepMissing(sql: postgres.Sql): Promise<void> {
  const [row] = await sql<{ database: string }[]>`select current_database() as database`;
  for (const [name, milliseconds] of await missing(sql)) {
    await sql`alter role current_user in database ${sql(row?.database ?? "")}
              set ${sql(name)} to ${sql.unsafe(String(milliseconds))}`;
  }
}

/** A session that has just begun tells what is kept. What is as it should be is not written again. */
async function missing(sql: postgres.Sql): Promise<[name: string, milliseconds: number][]> {
  const settings = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name in ${sql(Object.keys(SESSION_LIMITS))}`;
  const kept = new Map(settings.map(({ name, setting }) => [name, setting]));
  return Object.entries(SESSION_LIMITS).filter(
    ([name, milliseconds]) => kept.get(name) !== String(milliseconds),
  );
}
