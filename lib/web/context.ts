import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { authenticateBearer, authenticateCookies } from "#lib/auth/session/authenticate-caller.ts";
import { pageOfDuty } from "#lib/auth/session/page-of-duty.ts";
import type { Context, MemberContext, PendingActor, Tenant } from "#lib/core/context.ts";
import type { Duty } from "#lib/policy/session.ts";
import { visitorAt } from "#lib/tenancy/visitor-context.ts";
import { COOKIES, readCookie } from "./cookies.ts";
import { requestStamp } from "./request.ts";

/** Anybody on a firm's host, signed in or not. On the apex there is no firm, hence nothing here. */
export const visitorContext = cache(async (): Promise<Context> => withSessions(await strangerContext()));

/** Whoever a program's token stands for. What the browser's cookies say counts for nothing beside it. */
export async function bearerContext(token: string): Promise<Context> {
  return authenticateBearer(await strangerContext(), token);
}

/** Whoever asks, before anything says who it is. On the apex there is nobody to be. */
export async function strangerContext(): Promise<Context> {
  const { tenant, host, requestId, source } = await requestStamp();
  if (!tenant) notFound();
  const device = await readCookie(COOKIES.device);
  return visitorAt(tenant, { requestId, source, host, device }, (await headers()).get("user-agent"));
}

/** A member with a full session. Whoever has none is led to sign in, or to the duty that is still open. */
export async function requireContext(): Promise<MemberContext> {
  const ctx = await visitorContext();
  if (ctx.actor) return { ...ctx, actor: ctx.actor };
  if (ctx.pending) redirect(pageOfDuty(ctx.pending.duties[0]));
  const { path } = await requestStamp();
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}

/** Somebody who has proven an identity and owes this first. Whoever owes something else is led there. */
export async function pendingContext(duty: Duty): Promise<Context & { pending: PendingActor }> {
  const ctx = await visitorContext();
  if (!ctx.pending) redirect(ctx.actor ? "/" : "/sign-in");
  if (ctx.pending.duties[0] !== duty) redirect(pageOfDuty(ctx.pending.duties[0]));
  return { ...ctx, pending: ctx.pending };
}

async function withSessions(visitor: Context): Promise<Context> {
  return authenticateCookies(visitor, {
    full: await readCookie(COOKIES.full),
    pending: await readCookie(COOKIES.pending),
  });
}

/** The firm of this request, for layouts; undefined on the apex. */
export async function requestTenant(): Promise<Tenant | undefined> {
  return (await requestStamp()).tenant;
}

/** For pages of the portal's own domain, which no firm's host shows. */
export async function requireApex(): Promise<void> {
  if ((await requestStamp()).tenant) notFound();
}
