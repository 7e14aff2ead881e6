import * as z from "zod";
import { command } from "#lib/core/command.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import { type BatchRow, batchRows } from "./batch-rows.ts";
import { findBatch } from "./find-batch.ts";

const HEADINGS = ["Name", "Username", "E-mail", "Result", "Details"];

/** What came of each person of a batch, as a table for a spreadsheet. Who took it away is recorded. Throws not_found. */
export const exportBatchResults = command({
  event: "batch.exported",
  permission: "contacts:reset",
  input: z.object({ batchId: z.uuid("This batch does not exist.") }),
  async run({ db, ctx }, { batchId }) {
    await findBatch(db, ctx, batchId);
    const rows = await batchRows(db, ctx, batchId);
    return {
      id: batchId,
      csv: BYTE_ORDER_MARK + csvOf([HEADINGS, ...rows.map(lineOf)]),
      people: rows.length,
    };
  },
  audit: ({ id, people }) => [{ event: "batch.exported", targetId: id, detail: { people } }],
});

function lineOf({ name, username, address, status, reason, mail }: BatchRow) {
  return [name, username, address, mail?.state ?? status, mail ? sayDelivery(mail) : reason];
}
