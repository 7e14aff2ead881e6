import { eq, sql } from "drizzle-orm";
import { importRows, imports } from "#db/schema/imports.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { type CsvLine, readCsv } from "#lib/core/read-csv.ts";
import { IMPORT_NEEDS } from "./find-import.ts";
import { type ImportKind, UploadImportInput } from "./input.ts";
import { MAX_COLUMNS, MAX_LINES, uploadProblem } from "./upload-problems.ts";

/** Lines of one transaction, and all of the file that is in memory at once. */
const AT_ONCE = 1000;

/** Files that one member may send: ten at once, then one a minute. */
const PER_MEMBER = { burst: 10, everySeconds: 60 };

type Upload = { kind: ImportKind; fileName: string; file: AsyncIterable<Uint8Array> };

type Taken = { id: string; lines: number };

/**
 * Takes a file of people in, a piece at a time. Nothing else happens before its owner has said what its columns hold.
 * What cannot be read leaves nothing behind.
 * @throws DomainError forbidden, rate_limited, invalid
 */
export const uploadImport = command({
  event: "import.uploaded",
  permission: "person",
  input: UploadImportInput,
  prepare: takeIn,
  async run({ db, prepared: { id, lines } }, { kind }) {
    await db.update(imports).set({ lines }).where(eq(imports.id, id));
    return { id, kind, lines };
  },
  audit: ({ id, ...detail }) => [{ event: "import.uploaded", targetId: id, detail }],
});

async function takeIn(ctx: Context, { file, ...about }: Upload): Promise<Taken> {
  requirePermission(ctx, IMPORT_NEEDS[about.kind]);
  await takeAllowance(ctx);
  const lines = readCsv(file);
  const { value: header, done } = await lines.next();
  if (done) throw uploadProblem("empty");
  const id = await begin(ctx, about, columnsOf(header));
  try {
    return { id, lines: await keepLines(ctx, id, lines) };
  } catch (error) {
    await withTenant(ctx.tenant.id, (db) => db.delete(imports).where(eq(imports.id, id)));
    throw error;
  }
}

async function takeAllowance(ctx: Context): Promise<void> {
  const limit = { key: `import:${ctx.actor?.memberId}`, ...PER_MEMBER };
  const taken = await withTenant(ctx.tenant.id, (db) => takeAllowances(db, [limit]));
  if (!taken) throw rateLimited("too_many_imports", PER_MEMBER.everySeconds);
}

/** An import without lines is one whose file has not come in whole. */
async function begin(ctx: Context, about: Omit<Upload, "file">, columns: string[]): Promise<string> {
  const createdBy = ctx.actor?.memberId ?? "";
  return withTenant(ctx.tenant.id, async (db) => {
    const [row] = await db
      .insert(imports)
      .values({ ...about, columns, createdBy })
      .returning({ id: imports.id });
    if (!row) throw new Error("The database returned no import.");
    return row.id;
  });
}

async function keepLines(ctx: Context, id: string, lines: AsyncIterable<CsvLine>): Promise<number> {
  let kept = 0;
  let waiting: CsvLine[] = [];
  const flush = async () => {
    await withTenant(ctx.tenant.id, (db) => insertLines(db, id, waiting));
    kept += waiting.length;
    waiting = [];
  };
  for await (const line of lines) {
    waiting.push(line);
    if (kept + waiting.length > MAX_LINES) throw uploadProblem("too_many_lines");
    if (waiting.length === AT_ONCE) await flush();
  }
  if (waiting.length > 0) await flush();
  if (kept === 0) throw uploadProblem("nobody");
  return kept;
}

/** In one statement: thousands of rows as parameters of their own would be read and planned one by one. */
async function insertLines(db: TenantDb, id: string, lines: CsvLine[]): Promise<void> {
  await db.execute(sql`
    insert into ${importRows} (import_id, line, cells)
    select ${id}, l.line,
           array(select c.cell from jsonb_array_elements_text(l.cells) with ordinality c(cell, place) order by c.place)
      from jsonb_to_recordset(${JSON.stringify(lines)}::text::jsonb) as l(line integer, cells jsonb)`);
}

function columnsOf({ cells }: CsvLine): string[] {
  if (cells.length > MAX_COLUMNS) throw uploadProblem("too_many_columns");
  return cells.map((cell, index) => cell.trim().slice(0, 80) || `Column ${index + 1}`);
}
