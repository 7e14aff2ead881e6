import { exportBatchResults } from "#lib/members/credentials/export-batch-results.ts";
import { visitorContext } from "#lib/web/context.ts";
import { download } from "#lib/web/download.ts";

/** What came of each person of a batch, as a file. */
export async function GET(
  _request: Request,
  { params }: RouteContext<"/members/batches/[id]/results.csv">,
): Promise<Response> {
  const ctx = await visitorContext();
  const { id: batchId } = await params;
  const name = `credentials-${batchId.replaceAll(/[^0-9a-f-]/g, "")}.csv`;
  return download({ name, type: "text/csv" }, async () => (await exportBatchResults(ctx, { batchId })).csv);
}
