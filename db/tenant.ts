import { type SQL, sql } from "drizzle-orm";
import { type Database, database } from "./client.ts";
import { inPlace } from "./places.ts";
import { accompanied, answerOf } from "./prepared.ts";
import { loggable, withoutItsValues } from "./query-error.ts";

declare const brand: unique symbol;

/** The id of a firm that was looked up, not typed. Made in lib/tenancy and by the job runner only. */
export type TenantId = string & { readonly [brand]: "tenant" };

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** A transaction in which PostgreSQL shows one tenant's rows only. There is no other way to reach tenant tables. */
export type TenantDb = Transaction & { readonly [brand]: "db" };

type Work<T> = (db: TenantDb, now: Date) => Promise<T>;

type NewWork<T> = (db: TenantDb, now: Date, tenantId: TenantId) => Promise<T>;

type Fenced = { now: string };

/**
 * Runs `work` in one transaction of one tenant and hands it the clock that decides, read in the same round trip
 * (S8). What `work` throws undoes all of it.
 */
export function withTenant<T>(tenantId: TenantId, work: Work<T>): Promise<T> {
  return inPlace(() => {
    const fenced = fence<Promise<Fenced[]>>(database().$client, tenantId);
    const begin = () =>
      database().transaction(async (transaction) => {
        const now = clockIn(await answerOf(fenced));
        return work(transaction as TenantDb, now);
      });
    return loggable(accompanied(fenced, begin));
  }, tenantId);
}

/** The same for a tenant that the transaction makes itself, so that a firm is born whole or not at all. */
export function withNewTenant<T>(
  create: (transaction: Transaction) => Promise<TenantId>,
  work: NewWork<T>,
): Promise<T> {
  const begin = () =>
    database().transaction(async (opened) => {
      const tenantId = await create(opened);
      const now = clockIn(await opened.execute<Fenced>(fence(sql, tenantId)));
      return work(opened as TenantDb, now, tenantId);
    });
  return inPlace(() => loggable(begin()));
}

/** Lets one tenant's rows be seen until the transaction ends, written by drizzle or by the driver itself. */
function fence<Statement>(
  sql: (text: TemplateStringsArray, tenantId: string) => Statement,
  tenantId: TenantId,
): Statement {
  return sql`select set_config('app.tenant_id', ${tenantId}, true), portal_now() as now`;
}

function clockIn([row]: readonly Fenced[]): Date {
  if (!row) throw new Error("The database gave no answer to its own clock.");
  return new Date(row.now);
}

/**
 * Calls one of the definer functions of the closed list in README.md, outside any tenant: there is nothing else that
 * the runtime role can read there.
 */
export async function callAcrossTenants<Row extends Record<string, unknown>>(call: SQL): Promise<Row[]> {
  const rows: unknown = await inPlace(() => loggable(database().execute(call)));
  return rows as Row[];
}

/**
 * The same for what every request asks, by a text that is always the same: each connection prepares it once, and a call is
 * one round trip (unless DATABASE_PREPARE is off).
 */
export async function askPrepared<Row extends Record<string, unknown>>(
  text: string,
  values: (string | Buffer)[],
): Promise<Row[]> {
  try {
    return await inPlace(async () => database().$client.unsafe<Row[]>(text, values, { prepare: true }));
  } catch (error) {
    throw withoutItsValues(text, error);
  }
}
