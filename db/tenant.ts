import { sql } from "drizzle-orm";
import { type Database, database } from "./client.ts";

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
  return database().transaction((transaction) => inTenant(transaction, tenantId, work));
}

/** The same for a tenant that the transaction makes itself, so that a firm is born whole or not at all. */
export function withNewTenant<T>(
  create: (transaction: Transaction) => Promise<TenantId>,
  work: NewWork<T>,
): Promise<T> {
  return database().transaction(async (transaction) => {
    const tenantId = await create(transaction);
    return inTenant(transaction, tenantId, (db, now) => work(db, now, tenantId));
  });
}

async function inTenant<T>(transaction: Transaction, tenantId: TenantId, work: Work<T>): Promise<T> {
  const [row] = await transaction.execute<{ now: string }>(
    sql`select set_config('app.tenant_id', ${tenantId}, true), portal_now() as now`,
  );
  if (!row) throw new Error("The database gave no answer to its own clock.");
  return work(transaction as TenantDb, new Date(row.now));
}
