import { sql } from "drizzle-orm";
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/** Files of people to be added. The counts go up while a worker reads and applies the rows. */
export const imports = pgTable(
  "imports",
  {
    ...tenantColumns,
    kind: text("kind", { enum: ["staff", "contact"] }).notNull(),
    fileName: text("file_name").notNull(),
    columns: text("columns").array().notNull(),
    mapping: jsonb("mapping").$type<Record<string, string>>().notNull().default({}),
    status: text("status", { enum: ["uploaded", "checking", "checked", "running", "done", "cancelled"] })
      .notNull()
      .default("uploaded"),
    lines: integer("lines").notNull().default(0),
    handled: integer("handled").notNull().default(0),
    added: integer("added").notNull().default(0),
    changed: integer("changed").notNull().default(0),
    unchanged: integer("unchanged").notNull().default(0),
    refused: integer("refused").notNull().default(0),
    createdBy: uuid("created_by").notNull(),
    finishedAt: at("finished_at"),
  },
  (t) => [
    primaryKey({ name: "imports_pkey", columns: [t.tenantId, t.id] }),
    index("imports_by_time").on(t.tenantId, t.createdAt, t.id),
    tenantReference("imports", t.tenantId),
    tenantIsolation(),
  ],
);

/** The lines of a file, until they are applied: then the cells go, for they may hold password hashes. */
export const importRows = pgTable(
  "import_rows",
  {
    ...tenantKey,
    importId: uuid("import_id").notNull(),
    line: integer("line").notNull(),
    cells: text("cells").array(),
    outcome: text("outcome", { enum: ["added", "changed", "unchanged", "refused"] }),
    problems: jsonb("problems").$type<Record<string, string[]>>(),
    memberId: uuid("member_id"),
  },
  (t) => [
    primaryKey({ name: "import_rows_pkey", columns: [t.tenantId, t.importId, t.line] }),
    index("import_rows_refused").on(t.tenantId, t.importId, t.line).where(sql`outcome = 'refused'`),
    foreignKey({
      name: "import_rows_import_fk",
      columns: [t.tenantId, t.importId],
      foreignColumns: [imports.tenantId, imports.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
