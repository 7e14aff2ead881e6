import { describeSession } from "#lib/auth/session/describe-session.ts";
import { endpoint } from "#lib/web/api.ts";

export const GET = endpoint(async (ctx) => {
  const headers = { "cache-control": "no-store" };
  return Response.json(await describeSession(ctx), { headers });
});
