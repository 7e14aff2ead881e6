import { describeSession } from "#lib/auth/session/describe-session.ts";
import { signOut } from "#lib/auth/session/sign-out.ts";
import { endpoint } from "#lib/web/api.ts";

export const GET = endpoint(async (ctx) => {
  const headers = { "cache-control": "no-store" };
  return Response.json(await describeSession(ctx), { headers });
});

export const DELETE = endpoint(async (ctx) => {
  await signOut(ctx, undefined);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
});
