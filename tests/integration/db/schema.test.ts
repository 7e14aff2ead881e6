import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import * as schema from "#db/schema/index.ts";
import { owner } from "#tests/support/database.ts";

const tables = Object.values(schema)
  .filter((one) => is(one, PgTable))
  .map((table) => getTableConfig(table));

const namesIn = async (statement: string, table: string): Promise<string[]> =>
  (await owner().unsafe(statement, [table])).map(({ name }) => name);

/** What is declared and not there: a migration that was not written, or has lost what it was to do. */
async function missing(
  declared: (string | undefined)[],
  statement: string,
  table: string,
): Promise<unknown[]> {
  const found = new Set(await namesIn(statement, table));
  return declared.filter((name) => name !== undefined && !found.has(name));
}

const COLUMNS =
  "select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1";
const INDEXES = "select indexname as name from pg_indexes where schemaname = 'public' and tablename = $1";
const CONSTRAINTS = "select conname as name from pg_constraint where conrelid = $1::text::regclass";

describe("what the migrations have made holds all that the schema declares", () => {
  test.each(tables)("of $name", async ({ name, columns, indexes, foreignKeys, checks, ...rest }) => {
    expect(
      await missing(
        columns.map((one) => one.name),
        COLUMNS,
        name,
      ),
      "columns",
    ).toEqual([]);
    expect(
      await missing(
        indexes.map((one) => one.config.name),
        INDEXES,
        name,
      ),
      "indexes",
    ).toEqual([]);
    const constraints = [
      ...foreignKeys.map((one) => one.getName()),
      ...checks.map((one) => one.name),
      ...rest.uniqueConstraints.map((one) => one.getName()),
      ...rest.primaryKeys.map((one) => one.getName()),
    ];
    expect(await missing(constraints, CONSTRAINTS, name), "constraints").toEqual([]);
  });
});
