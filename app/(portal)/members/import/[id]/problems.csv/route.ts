import { exportImportProblems } from "#lib/imports/export-import-problems.ts";
import { visitorContext } from "#lib/web/context.ts";
import { download } from "#lib/web/download.ts";

/** What is wrong with the refused lines of an import, as a file. */
export async function GET(
  _request: Request,
  { params }: RouteContext<"/members/import/[id]/problems.csv">,
): Promise<Response> {
  const ctx = await visitorContext();
  const { id: importId } = await params;
  return download(
    { name: "import-problems.csv", type: "text/csv" },
    async () => (await exportImportProblems(ctx, { importId })).csv,
  );
}
