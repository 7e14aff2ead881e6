import type postgres from "postgres";

type Part = { owner: string; name: string; definition: string; type: "f" | "i" | "p" | "u" };

/** As many as there are cores on a small machine. */
const AT_ONCE = 2;

/**
 * Loads tables at the speed of the disk, by connections of `owner`, who has them: without what works row by row. Triggers are
 * off; foreign keys, indexes and unique constraints go and come again, and every row is checked by that. A primary key that
 * others refer to stays. What was loaded stays too when it fails, and what went is gone: for a database that is thrown away.
 */
export async function loadInBulk(
  owner: postgres.Sql,
  tables: string[],
  load: () => Promise<unknown>,
): Promise<void> {
  const parts = await partsOf(owner, tables);
  const keys = parts.filter(({ type }) => type === "f");
  const indexes = parts.filter(({ type }) => type !== "f");
  for (const table of tables) await owner`alter table ${owner(table)} disable trigger user`;
  for (const part of [...keys, ...indexes]) await owner.unsafe(dropping(part));
  await load();
  // Said at once and checked later: what refers to a table locks it until it is said.
  for (const key of keys) await owner.unsafe(`${making(key)} not valid`);
  await restore(owner, await largestFirst(owner, tables), (table) => [
    ...indexes.filter((part) => part.owner === table).map(making),
    ...keys.filter((part) => part.owner === table).map(validating),
  ]);
  for (const table of tables) await owner`alter table ${owner(table)} enable trigger user`;
}

/** Whatever takes longest begins first, so that no core waits for it at the end. */
async function largestFirst(owner: postgres.Sql, tables: string[]): Promise<string[]> {
  const sizes = await owner<{ name: string }[]>`
    select t.name from unnest(${tables}::text[]) as t (name) order by pg_relation_size(t.name::regclass) desc`;
  return sizes.map(({ name }) => name);
}

/** Those of one table in turn, since a constraint locks it. */
async function restore(
  owner: postgres.Sql,
  tables: string[],
  statementsOf: (table: string) => string[],
): Promise<void> {
  const waiting = [...tables];
  const lane = async () => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      for (const statement of statementsOf(table)) await slowly(owner, statement);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function slowly(owner: postgres.Sql, statement: string): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    await sql`set local maintenance_work_mem = '512MB'`;
    await sql.unsafe(statement);
  });
}

function dropping({ type, owner, name }: Part): string {
  return type === "i" ? `drop index "${name}"` : `alter table ${owner} drop constraint "${name}"`;
}

function making({ type, owner, name, definition }: Part): string {
  return type === "i" ? definition : `alter table ${owner} add constraint "${name}" ${definition}`;
}

const validating = ({ owner, name }: Part): string => `alter table ${owner} validate constraint "${name}"`;

/** Constraints first: they lock a table wholly, and later there are keys of others that are checked against it. */
async function partsOf(sql: postgres.Sql, tables: string[]): Promise<Part[]> {
  return await sql<Part[]>`
    select c.conrelid::regclass::text as owner, c.conname as name, pg_get_constraintdef(c.oid) as definition,
           c.contype as type
      from pg_constraint c
     where c.conrelid = any(${tables}::regclass[]) and (c.contype = 'f' or (c.contype in ('p', 'u') and not exists (
           select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)))
    union all
    select i.indrelid::regclass::text, x.relname, pg_get_indexdef(i.indexrelid), 'i'
      from pg_index i join pg_class x on x.oid = i.indexrelid
     where i.indrelid = any(${tables}::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
     order by owner, type desc, name`;
}
