import { sql } from "drizzle-orm";
import { check, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { tenantIsolation, tenantKey } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/** What a firm says of itself, and how long it keeps what it need not keep. A firm without a row has the defaults. */
export const firmSettings = pgTable(
  "firm_settings",
  {
    ...tenantKey,
    supportName: text("support_name").notNull().default(""),
    supportEmail: text("support_email").notNull().default(""),
    supportPhone: text("support_phone").notNull().default(""),
    timeZone: text("time_zone").notNull().default("Etc/UTC"),
    /** Days for which audit events are kept; null keeps them for good. */
    auditDays: integer("audit_days"),
    /** Days after which a deleted person is erased. */
    deletedDays: integer("deleted_days").notNull().default(90),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ name: "firm_settings_pkey", columns: [t.tenantId] }),
    check("firm_settings_audit_days_bounded", sql`${t.auditDays} is null or ${t.auditDays} >= 365`),
    check("firm_settings_deleted_days_bounded", sql`${t.deletedDays} between 1 and 3650`),
    tenantReference("firm_settings", t.tenantId),
    tenantIsolation(),
  ],
);
