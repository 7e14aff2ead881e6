import { eq } from "drizzle-orm";
import { imports } from "#db/schema/imports.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { NOTHING_YET } from "./check-import.ts";
import { lockOwnImport } from "./find-import.ts";
import { ImportInput } from "./input.ts";

/**
 * Lets an import begin that was looked at. A trigger enqueues the work in the same transaction. Nobody is mailed.
 * @throws DomainError not_found, conflict
 */
export const runImport = command({
  event: "import.started",
  permission: "person",
  stepUp: "people:import",
  input: ImportInput,
  async run({ db, ctx }, { importId }) {
    const { status, kind, lines, added, changed } = await lockOwnImport(db, ctx, importId);
    if (status !== "checked") {
      throw new DomainError("conflict", "This import has been decided about already. Reload the page.");
    }
    if (added + changed === 0) throw new DomainError("conflict", "There is nothing in this file to import.");
    await db
      .update(imports)
      .set({ status: "running", ...NOTHING_YET })
      .where(eq(imports.id, importId));
    return { id: importId, kind, lines };
  },
  audit: ({ id, ...detail }) => [{ event: "import.started", targetId: id, detail }],
});
