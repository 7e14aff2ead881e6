import { and, eq, isNotNull } from "drizzle-orm";
import { importRows, imports } from "#db/schema/imports.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Import } from "./find-import.ts";

/** Ends an import. What is not needed any more goes: the key of a Firebase project, and lines that nobody applied. */
export async function endImport(
  db: TenantDb,
  now: Date,
  { id, mapping }: Import,
  status: "done" | "cancelled",
): Promise<void> {
  const { signerKey: _, ...kept } = mapping;
  await db.update(imports).set({ status, mapping: kept, finishedAt: now }).where(eq(imports.id, id));
  if (status === "done") return;
  await db
    .update(importRows)
    .set({ cells: null })
    .where(and(eq(importRows.importId, id), isNotNull(importRows.cells)));
}
