import type postgres from "postgres";

type Part = { owner: string; name: string; definition: string; kind: "constraint" | "index" };

/**
 * Loads tables at the speed of the disk, in the transaction of `sql`, which is their owner's: without what works row by row.
 * Triggers are off; foreign keys, indexes and unique constraints go and come again, and every row is checked by that. A
 * primary key that others refer to stays.
 */
export async function loadInBulk(
  sql: postgres.TransactionSql,
  tables: string[],
  load: () => Promise<void>,
): Promise<void> {
  await sql`set local maintenance_work_mem = '512MB'`;
  await sql`set local work_mem = '256MB'`;
  const parts = await partsOf(sql, tables);
  for (const table of tables) await sql`alter table ${sql(table)} disable trigger user`;
  for (const part of parts) await sql.unsafe(dropping(part));
  await load();
  for (const { kind, owner, name, definition } of parts) {
    await sql.unsafe(
      kind === "index" ? definition : `alter table ${owner} add constraint "${name}" ${definition}`,
    );
  }
  for (const table of tables) await sql`alter table ${sql(table)} enable trigger user`;
}

function dropping({ kind, owner, name }: Part): string {
  return kind === "index" ? `drop index "${name}"` : `alter table ${owner} drop constraint "${name}"`;
}

/** Foreign keys first, and last when they come back, since some rest on the others: by the order of the letters f, i, p, u turned round. */
async function partsOf(sql: postgres.TransactionSql, tables: string[]): Promise<Part[]> {
  const rows = await sql<(Part & { type: string })[]>`
    select c.conrelid::regclass::text as owner, c.conname as name, pg_get_constraintdef(c.oid) as definition,
           'constraint' as kind, c.contype as type
      from pg_constraint c
     where c.conrelid = any(${tables}::regclass[]) and (c.contype = 'f' or (c.contype in ('p', 'u') and not exists (
           select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)))
    union all
    select i.indrelid::regclass::text, x.relname, pg_get_indexdef(i.indexrelid), 'index', 'i'
      from pg_index i join pg_class x on x.oid = i.indexrelid
     where i.indrelid = any(${tables}::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
     order by type desc, name`;
  return rows.map(({ owner, name, definition, kind }) => ({ owner, name, definition, kind }));
}
