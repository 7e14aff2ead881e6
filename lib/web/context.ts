import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { looksLikeApiToken } from "#lib/auth/api-tokens/api-token.ts";
import { authenticateApiToken } from "#lib/auth/api-tokens/authenticate-api-token.ts";
import { readSession, type SessionReading } from "#lib/auth/session/read-session.ts";
import { reportReuse } from "#lib/auth/session/report-reuse.ts";
import type { Context, MemberContext, PendingActor, Tenant } from "#lib/core/context.ts";
import type { Duty } from "#lib/policy/session.ts";
import { COOKIES, readCookie } from "./cookies.ts";
import { requestStamp } from "./request.ts";

/** Anybody on a firm's host, signed in or not. On the apex there is no firm, hence nothing here. */
export const visitorContext = cache(async (): Promise<Context> => withSessions(await strangerContext()));

/** Whoever a program's token stands for. What the browser's cookies say counts for nothing beside it. */
export async function bearerContext(token: string): Promise<Context> {
  const ctx = await strangerContext();
  if (looksLikeApiToken(token)) return authenticateApiToken(ctx, token);
  const reading = await readingOf(ctx, token);
  return {
    ...ctx,
    actor: reading?.state === "full" ? reading.actor : undefined,
    pending: reading?.state === "pending" ? reading.pending : undefined,
  };
}

/** Whoever asks, before anything says who it is. On the apex there is nobody to be. */
export async function strangerContext(): Promise<Context> {
  const { tenant, host, requestId, source } = await requestStamp();
  if (!tenant) notFound();
  const userAgent = ((await headers()).get("user-agent") ?? "").slice(0, 300);
  return {
    tenant,
    origin: { requestId, source, userAgent, host, device: await readCookie(COOKIES.device) },
    actor: undefined,
    pending: undefined,
    via: "visitor",
  };
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

/** Where a duty is done. */
export function pageOfDuty(duty: Duty | undefined) {
  return duty === undefined ? "/sign-in" : PAGES[duty];
}

const PAGES = {
  second_factor: "/second-factor",
  change_password: "/change-password",
  enroll_second_factor: "/second-factor/enroll",
} as const satisfies Record<Duty, string>;

async function withSessions(visitor: Context): Promise<Context> {
  const full = await readingOf(visitor, await readCookie(COOKIES.full));
  const pending = await readingOf(visitor, await readCookie(COOKIES.pending));
  return {
    ...visitor,
    actor: full?.state === "full" ? full.actor : undefined,
    pending: pending?.state === "pending" ? pending.pending : undefined,
  };
}

/** A token that this firm never gave is refused, and recorded: it may be another firm's (A1). */
async function readingOf(ctx: Context, token: string | undefined): Promise<SessionReading | undefined> {
  if (!token) return undefined;
  const reading = await readSession(ctx.tenant, ctx.origin.host, token);
  if (reading.state === "none" && reading.reason === "reused") await reportReuse(ctx, reading);
  else if (reading.state === "none" && SUSPICIOUS.has(reading.reason)) {
    await recordRefusal(ctx, "session", `${reading.reason}_token`);
  }
  return reading;
}

const SUSPICIOUS = new Set(["unknown", "wrong_host"]);

/** The firm of this request, for layouts; undefined on the apex. */
export async function requestTenant(): Promise<Tenant | undefined> {
  return (await requestStamp()).tenant;
}

/** For pages of the portal's own domain, which no firm's host shows. */
export async function requireApex(): Promise<void> {
  if ((await requestStamp()).tenant) notFound();
}
