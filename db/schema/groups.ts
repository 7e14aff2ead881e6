import { sql } from "drizzle-orm";
import { check, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * Security groups. `preset` names the definition that a group came from; a custom one has none. `client_scope` says
 * which clients, with their contacts, its members see: all, or those assigned to them (E7).
 */
export const securityGroups = pgTable(
  "security_groups",
  {
    ...tenantColumns,
    name: text("name").notNull(),
    preset: text("preset", {
      enum: ["administrator", "regular", "regular_no_delete", "read_only", "orchestration", "contact"],
    }),
    permissions: text("permissions").array().notNull(),
    description: text("description").notNull().default(""),
    clientScope: text("client_scope", { enum: ["all", "assigned"] })
      .notNull()
      .default("all"),
    /** From when its members need a second factor; null where the firm's own rule is enough (F4). */
    secondFactorFrom: at("second_factor_from"),
    position: integer("position").notNull().default(0),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ name: "security_groups_pkey", columns: [t.tenantId, t.id] }),
    unique("security_groups_name_key").on(t.tenantId, t.name),
    unique("security_groups_preset_key").on(t.tenantId, t.preset),
    check("security_groups_scope_known", sql`${t.clientScope} in ('all', 'assigned')`),
    tenantReference("security_groups", t.tenantId),
    tenantIsolation(),
  ],
);
