import { permissionsOf } from "#lib/auth/session/describe-session.ts";
import { pageOfDuty } from "#lib/auth/session/page-of-duty.ts";
import type { Actor, Context, PendingActor } from "#lib/core/context.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { localPath } from "#lib/core/local-path.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import { plainProblemOf } from "../problem.ts";
import { callerOf } from "./caller.ts";
import { type Asked, type AskedHeaders, type Check, headerOf } from "./check.ts";

/**
 * Whether a reverse proxy may let a request through to what it serves on the firm's own host, and as whom (DEC17). The
 * proxy's word about the page that was wanted decides where somebody comes back to after the sign-in, and nothing else.
 */
export const forwardAuth: Check = { authenticate: callerOf, answer };

async function answer(ctx: Context, { headers }: Asked): Promise<PlainAnswer> {
  if (ctx.actor) return letThrough(ctx.actor);
  const signIn = signInPage(ctx.pending, headers);
  if (canBeLed(headers)) return { status: 303, headers: { ...NO_STORE, location: signIn }, body: "" };
  const refusal = plainProblemOf(unauthenticated("not_signed_in"), ctx.origin);
  return { ...refusal, headers: { ...refusal.headers, "x-portal-sign-in": signIn } };
}

const NO_STORE = { "cache-control": "no-store" };

/** Each header is there whatever it holds: what a proxy does not overwrite, its clients could send themselves. */
function letThrough(actor: Actor): PlainAnswer {
  const headers = {
    ...NO_STORE,
    "x-portal-member": actor.memberId,
    "x-portal-username": inHeader(actor.username),
    "x-portal-name": inHeader(actor.name),
    "x-portal-email": inHeader(actor.email ?? ""),
    "x-portal-group": inHeader(actor.groupName),
    "x-portal-kind": actor.kind,
    "x-portal-permissions": permissionsOf(actor).join(" "),
    "x-portal-by": actor.byApiToken ? "api_token" : "session",
  };
  return { status: 200, headers, body: "" };
}

/** All but the visible letters of ASCII as percent-encoded UTF-8, and the percent sign itself: it is told back exactly. */
function inHeader(text: string): string {
  return text.replace(/[^!-$&-~]+/g, encodeURIComponent);
}

function signInPage(pending: PendingActor | undefined, headers: AskedHeaders): string {
  if (pending) return pageOfDuty(pending.duties[0]);
  const next = localPath(originalUri(headers) ?? headerOf(headers, "x-forwarded-uri"));
  return next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** As nginx says it, whose `auth_request` knows 2xx, 401 and 403 and takes anything else for an error. */
function originalUri(headers: AskedHeaders): string | undefined {
  return headerOf(headers, "x-original-uri");
}

/** Whether the proxy hands our answer on to a browser that goes from page to page; scripts and programs are told 401. */
function canBeLed(headers: AskedHeaders): boolean {
  if (originalUri(headers) !== undefined || headerOf(headers, "x-forwarded-uri") === undefined) return false;
  if (!/^(?:GET|HEAD)$/.test(headerOf(headers, "x-forwarded-method") ?? "")) return false;
  // A program that says who it is by a token reads no pages.
  if (headers.authorization !== undefined) return false;
  const mode = headerOf(headers, "sec-fetch-mode");
  // Safari before 16.4 does not say how it asks.
  if (mode === undefined) return headerOf(headers, "accept")?.includes("text/html") === true;
  return mode === "navigate";
}
