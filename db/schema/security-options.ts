import { integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * A firm's security options, every version that was ever saved; the newest counts. `expiry_since` is the moment from
 * which passwords without a date are counted: when expiry was last switched on.
 */
export const securityOptions = pgTable(
  "security_options",
  {
    ...tenantColumns,
    version: integer("version").notNull(),
    options: jsonb("options").$type<Record<string, string | number | boolean>>().notNull(),
    expirySince: at("expiry_since"),
    changedBy: uuid("changed_by"),
    /** How it came about: saved, or the version that was gone back to. */
    restoredVersion: integer("restored_version"),
    note: text("note"),
  },
  (t) => [
    primaryKey({ name: "security_options_pkey", columns: [t.tenantId, t.id] }),
    unique("security_options_version_key").on(t.tenantId, t.version),
    tenantReference("security_options", t.tenantId),
    tenantIsolation(),
  ],
);
