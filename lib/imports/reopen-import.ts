import { eq } from "drizzle-orm";
import { imports } from "#db/schema/imports.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { lockOwnImport } from "./find-import.ts";
import { ImportInput } from "./input.ts";

/** Goes back to the columns of a file that was looked through. Throws not_found or conflict. */
export const reopenImport = command({
  event: "import.reopened",
  permission: "person",
  input: ImportInput,
  async run({ db, ctx }, { importId }) {
    const { status } = await lockOwnImport(db, ctx, importId);
    if (status !== "checked") throw new DomainError("conflict", "This import cannot be changed any more.");
    await db.update(imports).set({ status: "uploaded" }).where(eq(imports.id, importId));
    return { id: importId };
  },
});
