import { and, asc, eq, gt } from "drizzle-orm";
import { importRows } from "#db/schema/imports.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Import } from "./find-import.ts";
import { IMPORT_FIELDS, type ImportField } from "./input.ts";

/** A line that was refused, with whom it is about and what is wrong with it. */
export type RefusedLine = {
  line: number;
  name: string;
  email: string;
  username: string;
  problems: { field: string; text: string }[];
};

/** The refused lines of an import in their order, from some line on. */
export async function refusedLines(
  db: TenantDb,
  { id, mapping }: Import,
  { after = 0, limit }: { after?: number; limit?: number },
): Promise<RefusedLine[]> {
  const reading = db
    .select({ line: importRows.line, cells: importRows.cells, problems: importRows.problems })
    .from(importRows)
    .where(and(eq(importRows.importId, id), eq(importRows.outcome, "refused"), gt(importRows.line, after)))
    .orderBy(asc(importRows.line));
  const rows = await (limit === undefined ? reading : reading.limit(limit));
  return rows.map(({ line, cells, problems }) => {
    const cell = (field: ImportField) => (mapping[field] ? (cells?.[Number(mapping[field])] ?? "") : "");
    return {
      line,
      name: cell("name"),
      email: cell("email"),
      username: cell("username"),
      problems: Object.entries(problems ?? {}).flatMap(([field, texts]) =>
        texts.map((text) => ({ field: labelOf(field), text })),
      ),
    };
  });
}

const LABELS: Record<ImportField, string> = {
  name: "Name",
  email: "E-mail",
  username: "Username",
  clients: "Clients",
  group: "Security group",
  hash: "Password hash",
  salt: "Salt",
};

function labelOf(field: string): string {
  const known = IMPORT_FIELDS.find((one) => one === field);
  return known ? LABELS[known] : "Line";
}
