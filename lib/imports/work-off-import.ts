import { asc, eq, sql } from "drizzle-orm";
import { importRows, imports } from "#db/schema/imports.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { applyVerdicts, type Doing, type Judged } from "./apply-verdicts.ts";
import { endImport } from "./end-import.ts";
import { type Import, lockImport } from "./find-import.ts";
import { readFirmFacts } from "./firm-facts.ts";
import { importerOf } from "./importer.ts";
import { judgePerson, type Verdict } from "./judge-person.ts";
import { markDoubles } from "./mark-doubles.ts";
import { type ReadPerson, readPerson } from "./read-person.ts";

/** Lines of one transaction. */
const CHUNK = 500;

/**
 * Looks through the next lines of an import, or applies them, in one transaction with the note that they are done:
 * whatever stops the worker, no line is left out and none is applied twice (D6).
 * @returns whether there is more to do
 */
export function workOffImport(tenantId: TenantId, importId: string): Promise<"done" | "more"> {
  return withTenant(tenantId, async (db, now) => {
    const found = await lockImport(db, importId);
    if (!found || !UNDER_WAY.includes(found.status)) return "done";
    const system = await currentSystemContext(db);
    const importer = await importerOf(db, system, found);
    if (!importer) return stop(db, now, { found, system });
    const { lines, counted } = await workOffChunk(db, { found, system, importer });
    if (lines === CHUNK) return "more";
    await finish(db, now, { found: counted, system });
    return "done";
  });
}

const UNDER_WAY = ["checking", "running"];

async function workOffChunk(db: TenantDb, doing: Doing): Promise<{ lines: number; counted: Import }> {
  const { found } = doing;
  const isReal = found.status === "running";
  if (!isReal && found.handled === 0) await markDoubles(db, found);
  const rows = await nextRows(db, found);
  const judged = await judge(db, doing, rows);
  const results = isReal ? await applyVerdicts(db, doing, judged) : judged;
  await keepResults(db, found, rows, results);
  return { lines: rows.length, counted: await count(db, found, results) };
}

type Row = { line: number; cells: string[] | null; problems: Record<string, string[]> | null };

function nextRows(db: TenantDb, { id, handled }: Import): Promise<Row[]> {
  return db
    .select({ line: importRows.line, cells: importRows.cells, problems: importRows.problems })
    .from(importRows)
    .where(eq(importRows.importId, id))
    .orderBy(asc(importRows.line))
    .offset(handled)
    .limit(CHUNK);
}

async function judge(db: TenantDb, { found, importer }: Doing, rows: Row[]): Promise<Judged[]> {
  const read = rows.map((row): ReadPerson => {
    // That a line says again what another has said was found out once for the whole file.
    if (row.problems?.double) return { problems: { double: row.problems.double } };
    return readPerson(row.cells ?? [], found.columns, found.mapping);
  });
  const people = read.flatMap((one) => ("person" in one ? one.person : []));
  const facts = await readFirmFacts(db, importer, people);
  return read.map((one, index): Judged => {
    const line = rows[index]?.line ?? 0;
    if ("problems" in one) return { line, verdict: { outcome: "refused", problems: one.problems } };
    return { line, ...withMember(judgePerson({ found, importer, facts }, one.person)) };
  });
}

function withMember(verdict: Verdict): { verdict: Verdict; memberId?: string } {
  return "member" in verdict ? { verdict, memberId: verdict.member.id } : { verdict };
}

/** Of an applied line nothing stays; of a refused one what tells whose it is, and no hash. */
async function keepResults(db: TenantDb, found: Import, rows: Row[], results: Judged[]): Promise<void> {
  const cellsOf = new Map(rows.map(({ line, cells }) => [line, cells]));
  const kept = results.map(({ line, verdict, memberId }) => ({
    line,
    outcome: verdict.outcome,
    problems: verdict.outcome === "refused" ? verdict.problems : null,
    member_id: memberId ?? null,
    cells: verdict.outcome === "refused" ? withoutSecrets(found, cellsOf.get(line) ?? []) : null,
  }));
  const cells = sql`case when k.cells is null then null else array(
    select c.cell from jsonb_array_elements_text(k.cells) with ordinality c(cell, place) order by c.place) end`;
  await db.execute(sql`
    update import_rows r set outcome = k.outcome, problems = k.problems, member_id = k.member_id
           ${found.status === "running" ? sql`, cells = ${cells}` : sql``}
      from jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb)
        as k(line integer, outcome text, problems jsonb, member_id uuid, cells jsonb)
     where r.import_id = ${found.id} and r.line = k.line`);
}

/** Which column holds what is only as sure as the mapping, so all but what is shown goes. */
function withoutSecrets({ mapping }: Import, cells: string[]): string[] {
  const shown = [mapping.name, mapping.email, mapping.username].filter(Boolean).map(Number);
  return cells.map((cell, index) => (shown.includes(index) ? cell : ""));
}

async function count(db: TenantDb, found: Import, results: Judged[]): Promise<Import> {
  const times = (outcome: Verdict["outcome"]) =>
    results.filter(({ verdict }) => verdict.outcome === outcome).length;
  const counts = {
    handled: found.handled + results.length,
    added: found.added + times("added"),
    changed: found.changed + times("changed"),
    unchanged: found.unchanged + times("unchanged"),
    refused: found.refused + times("refused"),
  };
  await db.update(imports).set(counts).where(eq(imports.id, found.id));
  return { ...found, ...counts };
}

async function finish(
  db: TenantDb,
  now: Date,
  { found, system }: Pick<Doing, "found" | "system">,
): Promise<void> {
  if (found.status === "checking") {
    await db.update(imports).set({ status: "checked" }).where(eq(imports.id, found.id));
    return;
  }
  await endImport(db, now, found, "done");
  const { id, kind, added, changed, unchanged, refused } = found;
  const detail = { kind, added, changed, unchanged, refused };
  await recordEvent(db, system, { event: "import.finished", targetId: id, detail });
}

/** Whoever was disabled, or may not import any more, imports no further line. */
async function stop(
  db: TenantDb,
  now: Date,
  { found, system }: Pick<Doing, "found" | "system">,
): Promise<"done"> {
  await endImport(db, now, found, "cancelled");
  const { id, added, changed, status } = found;
  const done = status === "running" ? { added, changed } : { added: 0, changed: 0 };
  const reason = "importer_not_allowed";
  await recordEvent(db, system, { event: "import.cancelled", targetId: id, reason, detail: done });
  return "done";
}
