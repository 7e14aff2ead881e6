import { exportMemberData } from "#lib/members/export-member-data.ts";
import { visitorContext } from "#lib/web/context.ts";
import { download } from "#lib/web/download.ts";

type Params = { params: Promise<{ id: string }> };

export async function GET(_: Request, { params }: Params): Promise<Response> {
  const ctx = await visitorContext();
  const { id: memberId } = await params;
  return download({ name: "personal-data.json", type: "application/json" }, async () => {
    const { data } = await exportMemberData(ctx, { memberId });
    return JSON.stringify(data, null, 2);
  });
}
