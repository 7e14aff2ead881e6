import { signOut } from "#lib/auth/session/sign-out.ts";
import { signOutPending } from "#lib/auth/session/sign-out-pending.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, cookieHeader } from "#lib/web/cookies.ts";
import { signOutAtProvider } from "#lib/web/sign-out-at-provider.ts";

export async function POST(): Promise<Response> {
  const ctx = await visitorContext();
  const ended = ctx.actor && (await signOut(ctx, undefined));
  const left = ctx.pending && (await signOutPending(ctx, undefined));
  const cookies = [COOKIES.full, COOKIES.pending].map((name) => cookieHeader(name, ""));
  const further = await signOutAtProvider(ctx, ended?.came ?? left?.came, cookies);
  if (further) return further;
  const headers = new Headers({ location: "/sign-in?done=signed-out" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
