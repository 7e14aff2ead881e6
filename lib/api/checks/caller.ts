import {
  authenticateBearer,
  authenticateCookies,
  bearerTokenIn,
} from "#lib/auth/session/authenticate-caller.ts";
import { cookieIn, PENDING_COOKIE, SESSION_COOKIE } from "#lib/auth/session/session-cookie.ts";
import type { Context } from "#lib/core/context.ts";
import { type Asked, headerOf } from "./check.ts";

/** Who a request speaks for: its bearer token, else the browser's cookies. Never both. */
export function callerOf({ ctx, headers }: Asked): Promise<Context> {
  const token = bearerTokenIn(headerOf(headers, "authorization"));
  if (token !== undefined) return authenticateBearer(ctx, token);
  const cookies = headerOf(headers, "cookie");
  return authenticateCookies(ctx, {
    full: cookieIn(cookies, SESSION_COOKIE),
    pending: cookieIn(cookies, PENDING_COOKIE),
  });
}

/** Who a program speaks for, and nobody else: whatever cookies come along count for nothing. */
export async function programOf({ ctx, headers }: Asked): Promise<Context> {
  return asProgram(await authenticateBearer(ctx, bearerTokenIn(headerOf(headers, "authorization")) ?? ""));
}

export function asProgram({ origin, ...ctx }: Context): Context {
  return { ...ctx, origin: { ...origin, device: undefined, program: true } };
}
