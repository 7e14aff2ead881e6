import { sql } from "drizzle-orm";
import { customType, pgPolicy, timestamp, uuid } from "drizzle-orm/pg-core";

export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** Text in the order of its bytes, whatever the database's language: what begins alike stands together. */
export const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** A point in time, always with its zone. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The database's clock. Tests replace the function behind it, the product never does (S8). */
export const portalNow = sql`portal_now()`;

/** What every tenant table begins with: the tenant of the current transaction and the moment of the insert. */
export const tenantKey = {
  tenantId: uuid("tenant_id").notNull().default(sql`current_tenant_id()`),
  createdAt: at("created_at").notNull().default(portalNow),
};

/** `tenantKey` and an own id, for tables whose rows are referred to. */
export const tenantColumns = { ...tenantKey, id: uuid("id").notNull().defaultRandom() };

/** The one policy: a row is visible to, and writable for, the tenant of the transaction only (S7). */
export const tenantIsolation = () =>
  pgPolicy("tenant_isolation", {
    as: "permissive",
    for: "all",
    using: sql`tenant_id = current_tenant_id()`,
    withCheck: sql`tenant_id = current_tenant_id()`,
  });
