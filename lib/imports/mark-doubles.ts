import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";
import type { Import } from "./find-import.ts";

type Double = { line: number; first: number };

/** As many are marked by one statement. */
const AT_ONCE = 1000;

/**
 * Marks the lines that name an address or a username that a line above has named: the first one counts. Once for the
 * whole file, since each turn of the worker sees a part of it. Forgets what an earlier look through has found.
 */
export async function markDoubles(db: TenantDb, { id, mapping }: Import): Promise<void> {
  await db.execute(sql`
    update import_rows set outcome = null, problems = null, member_id = null
     where import_id = ${id} and outcome is not null`);
  for (const column of [mapping.email, mapping.username]) {
    if (!column) continue;
    const doubles = await findDoubles(db, id, Number(column) + 1);
    for (let at = 0; at < doubles.length; at += AT_ONCE) await mark(db, id, doubles.slice(at, at + AT_ONCE));
  }
}

/** Read first and marked then: a join of the table with itself is planned by counts that a fresh upload does not have yet. */
function findDoubles(db: TenantDb, id: string, column: number): Promise<Double[]> {
  const named = sql`
    select line, first_value(line) over (partition by lower(btrim(cells[${column}::integer])) order by line) as first
      from import_rows where import_id = ${id} and btrim(cells[${column}::integer]) <> ''`;
  return db.execute<Double>(sql`select line, first from (${named}) named where first < line order by line`);
}

async function mark(db: TenantDb, id: string, doubles: Double[]): Promise<void> {
  await db.execute(sql`
    update import_rows r
       set outcome = 'refused',
           problems = jsonb_build_object('double', jsonb_build_array('Line ' || d.first || ' is about the same person.'))
      from jsonb_to_recordset(${JSON.stringify(doubles)}::text::jsonb) as d(line integer, first integer)
     where r.import_id = ${id} and r.line = d.line and r.problems is null`);
}
