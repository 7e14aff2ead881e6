import { command } from "#lib/core/command.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { findImport } from "./find-import.ts";
import { ImportInput } from "./input.ts";
import { refusedLines } from "./refused-lines.ts";

const HEADINGS = ["Line", "Name", "E-mail", "Username", "Column", "Problem"];

/** What is wrong with the refused lines, as a table, a problem each. Who took it away is recorded. Throws not_found. */
export const exportImportProblems = command({
  event: "import.problems_exported",
  permission: "person",
  input: ImportInput,
  async run({ db, ctx }, { importId }) {
    const lines = await refusedLines(db, await findImport(db, ctx, importId), {});
    const rows = lines.flatMap(({ line, name, email, username, problems }) =>
      problems.map(({ field, text }) => [line, name, email, username, field, text]),
    );
    return { id: importId, lines: lines.length, csv: BYTE_ORDER_MARK + csvOf([HEADINGS, ...rows]) };
  },
  audit: ({ id, lines }) => [{ event: "import.problems_exported", targetId: id, detail: { lines } }],
});
