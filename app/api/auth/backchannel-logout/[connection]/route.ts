import { receiveLogout } from "#lib/auth/sso/oidc/receive-logout.ts";
import { visitorContext } from "#lib/web/context.ts";

type Params = { params: Promise<{ connection: string }> };

/** A provider's word that somebody has signed out there. Nobody's cookies count here. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const ctx = { ...(await visitorContext()), actor: undefined, pending: undefined };
  const { connection } = await params;
  const token = (await request.formData().catch(() => new FormData())).get("logout_token");
  const { outcome } = await receiveLogout(ctx, connection, typeof token === "string" ? token : "");
  const headers = { "cache-control": "no-store" };
  if (outcome === "done") return new Response(null, { status: 200, headers });
  return Response.json({ error: "invalid_request" }, { status: 400, headers });
}
