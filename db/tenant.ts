import { type SQL, sql } from "drizzle-orm";
import { type Database, database } from "./client.ts";
import { loggable } from "./query-error.ts";

declare const brand: unique symbol;

/** The id of a firm that was looked up, not typed. Made in lib/tenancy and by the job runner only. */
export type TenantId = string & { readonly [brand]: "tenant" };

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** A transaction in which PostgreSQL shows one tenant's rows only. There is no other way to reach tenant tables. */
export type TenantDb = Transaction & { readonly [brand]: "db" };

type Work<T> = (db: TenantDb, now: Date) => Promise<T>;

type NewWork<T> = (db: TenantDb, now: Date, tenantId: TenantId) => Promise<T>;

/**
 * Runs `work` in one transaction of one tenant and hands it the clock that decides, read in the same round trip
 * (S8). What `work` throws undoes all of it.
 */
export function withTenant<T>(tenantId: TenantId, work: Work<T>): Promise<T> {
  return loggable(database().transaction((transaction) => inTenant(transaction, tenantId, work)));
}

/** The same for a tenant that the transaction makes itself, so that a firm is born whole or not at all. */
export function withNewTenant<T>(
  create: (transaction: Transaction) => Promise<TenantId>,
  work: NewWork<T>,
): Promise<T> {
  const transaction = database().transaction(async (opened) => {
    const tenantId = await create(opened);
    return inTenant(opened, tenantId, (db, now) => work(db, now, tenantId));
  });
  return loggable(transaction);
}

async function inTenant<T>(transaction: Transaction, tenantId: TenantId, work: Work<T>): Promise<T> {
  const [row] = await transaction.execute<{ now: string }>(
    sql`select set_config('app.tenant_id', ${tenantId}, true), portal_now() as now`,
  );
  if (!row) throw new Error("The database gave no answer to its own clock.");
  return work(transaction as TenantDb, new Date(row.now));
}

/**
 * Calls one of the definer functions of the closed list in README.md, outside any tenant: there is nothing else that
 * the runtime role can read there.
 */
export async function callAcrossTenants<Row extends Record<string, unknown>>(call: SQL): Promise<Row[]> {
  const rows: unknown = await loggable(database().execute(call));
  return rows as Row[];
}
