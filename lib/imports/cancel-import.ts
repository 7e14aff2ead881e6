import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { endImport } from "./end-import.ts";
import { lockOwnImport } from "./find-import.ts";
import { ImportInput } from "./input.ts";

/** Statuses after which nothing more happens. */
const OVER = ["done", "cancelled"];

/**
 * Stops an import, before it runs or while it does, and forgets what its file held. Who was added stays added.
 * @throws DomainError not_found, conflict when it is over
 */
export const cancelImport = command({
  event: "import.cancelled",
  permission: "person",
  input: ImportInput,
  async run({ db, ctx }, { importId }) {
    const found = await lockOwnImport(db, ctx, importId);
    if (OVER.includes(found.status)) throw new DomainError("conflict", "There is nothing left to cancel.");
    const { added, changed } = found.status === "running" ? found : { added: 0, changed: 0 };
    await endImport(db, ctx.now, found, "cancelled");
    return { id: importId, added, changed };
  },
  audit: ({ id, ...detail }) => [{ event: "import.cancelled", targetId: id, detail }],
});
