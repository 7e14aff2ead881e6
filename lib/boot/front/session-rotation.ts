import type { IncomingMessage, ServerResponse } from "node:http";
import { rotateSession } from "#lib/auth/session/rotate-session.ts";
import { cookieIn, cookieLine, SESSION_COOKIE } from "#lib/auth/session/session-cookie.ts";
import type { Tenant } from "#lib/core/context.ts";

type Visit = { tenant: Tenant; host: string; path: string };

/**
 * Gives a session a new token at a page visit, when its token is old (I4, DEC20): to the browser, with the answer. This
 * request and whatever else is under way go on with the old one, which is good for a minute more, and longer where the
 * answer gets lost.
 */
export async function rotateAtPageVisit(
  request: IncomingMessage,
  response: ServerResponse,
  { tenant, host, path }: Visit,
): Promise<void> {
  const token = isPageVisit(request, path) ? cookieIn(request.headers.cookie, SESSION_COOKIE) : undefined;
  const next = token && (await rotateSession(tenant, host, token));
  if (next) response.appendHeader("set-cookie", cookieLine(SESSION_COOKIE, next));
}

const FOR_PROGRAMS = /^\/(?:_next|api|dev|\.well-known)(?:\/|$)/;

/** Headers of what a page's own scripts, or a browser that guesses, fetch ahead. */
const AHEAD = ["rsc", "next-router-prefetch", "next-router-segment-prefetch", "sec-purpose", "purpose"];

/** Whether somebody goes to a page: only then does a browser surely keep what the answer sets. */
function isPageVisit({ method, headers }: IncomingMessage, path: string): boolean {
  if (method !== "GET" || FOR_PROGRAMS.test(path)) return false;
  if (headers.authorization !== undefined || AHEAD.some((name) => headers[name] !== undefined)) return false;
  const destination = headers["sec-fetch-dest"];
  // Safari before 16.4 does not say what it asks for.
  if (destination === undefined) return headers.accept?.includes("text/html") === true;
  return destination === "document";
}
