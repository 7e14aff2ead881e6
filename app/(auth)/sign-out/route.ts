import { signOut } from "#lib/auth/session/sign-out.ts";
import { signOutPending } from "#lib/auth/session/sign-out-pending.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, cookieHeader } from "#lib/web/cookies.ts";

export async function POST(): Promise<Response> {
  const ctx = await visitorContext();
  if (ctx.actor) await signOut(ctx, undefined);
  if (ctx.pending) await signOutPending(ctx, undefined);
  const headers = new Headers({ location: "/sign-in?done=signed-out" });
  for (const name of [COOKIES.full, COOKIES.pending]) headers.append("set-cookie", cookieHeader(name, ""));
  return new Response(null, { status: 303, headers });
}
