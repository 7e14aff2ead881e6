import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";
import type { Import } from "./find-import.ts";

/**
 * Marks the lines that name an address or a username that a line above has named: the first one counts. Once for the
 * whole file, since each turn of the worker sees a part of it. Forgets what an earlier look through has found.
 */
export async function markDoubles(db: TenantDb, { id, mapping }: Import): Promise<void> {
  await db.execute(sql`
    update import_rows set outcome = null, problems = null, member_id = null
     where import_id = ${id} and outcome is not null`);
  for (const column of [mapping.email, mapping.username]) {
    if (column) await markColumn(db, id, Number(column) + 1);
  }
}

async function markColumn(db: TenantDb, id: string, column: number): Promise<void> {
  await db.execute(sql`
    with named as (
      select line, first_value(line) over (partition by lower(btrim(cells[${column}::integer])) order by line) as first
        from import_rows where import_id = ${id} and btrim(cells[${column}::integer]) <> ''
    )
    update import_rows r
       set outcome = 'refused',
           problems = jsonb_build_object('double', jsonb_build_array('Line ' || n.first || ' is about the same person.'))
      from named n
     where r.import_id = ${id} and r.line = n.line and n.first < n.line and r.problems is null`);
}
