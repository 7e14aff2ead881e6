import { exportPeople } from "#lib/members/export-people.ts";
import { visitorContext } from "#lib/web/context.ts";
import { download } from "#lib/web/download.ts";

export async function GET(request: Request): Promise<Response> {
  const ctx = await visitorContext();
  const { searchParams } = new URL(request.url);
  return download({ name: "contacts.csv", type: "text/csv" }, () => {
    const filters = Object.fromEntries(searchParams);
    return exportPeople(ctx, { kind: "contact", filters, byteOrderMark: searchParams.get("bom") === "1" });
  });
}
