import { exportAccessReport } from "#lib/reports/export-access-report.ts";
import { visitorContext } from "#lib/web/context.ts";
import { download } from "#lib/web/download.ts";

export async function GET(request: Request): Promise<Response> {
  const ctx = await visitorContext();
  const { searchParams } = new URL(request.url);
  return download({ name: "access-report.csv", type: "text/csv" }, async () => {
    const filters = Object.fromEntries(searchParams);
    const byteOrderMark = searchParams.get("bom") === "1";
    return (await exportAccessReport(ctx, { filters, byteOrderMark })).pieces;
  });
}
