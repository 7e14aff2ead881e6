import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** A row as `jsonb_populate_record` reads it: by the names of its columns. What is undefined is left out. */
export function toJsonRow<Table extends PgTable>(
  table: Table,
  values: Partial<Table["$inferInsert"]>,
): Record<string, unknown> {
  const columns = getTableColumns(table);
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [columns[key]?.name ?? key, toJson(value)]));
}

/** The other way: a row as `to_jsonb` gives it. Not for tables with bytes in them. */
export function fromJsonRow<Table extends PgTable>(
  table: Table,
  row: Record<string, unknown>,
): Table["$inferSelect"] {
  const read = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const value = row[column.name] ?? null;
    return [key, value === null ? null : column.mapFromDriverValue(value)];
  });
  return Object.fromEntries(read) as Table["$inferSelect"];
}

/** A date writes itself as text. */
function toJson(value: unknown): unknown {
  return Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : value;
}
