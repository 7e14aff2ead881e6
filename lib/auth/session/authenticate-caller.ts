import type { Context } from "#lib/core/context.ts";
import { looksLikeApiToken } from "../api-tokens/api-token.ts";
import { authenticateApiToken } from "../api-tokens/authenticate-api-token.ts";
import { authenticateSession } from "./authenticate-session.ts";
import type { SessionReading } from "./read-session.ts";

/** The bearer token of an Authorization header (RFC 6750): undefined without one, empty where it holds none. */
export function bearerTokenIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? "";
}

/** Whoever a program's token stands for: an API token, or the token of a session. Throws rate_limited, overloaded. */
export async function authenticateBearer(ctx: Context, token: string): Promise<Context> {
  if (looksLikeApiToken(token)) return authenticateApiToken(ctx, token);
  const reading = token === "" ? undefined : await authenticateSession(ctx, token);
  return contextOfReading(ctx, reading);
}

/** Whom a session that was read makes of whoever asks. */
export function contextOfReading(ctx: Context, reading: SessionReading | undefined): Context {
  return { ...ctx, ...standingOf(reading), ...pendingOf(reading) };
}

/** Whoever the cookies of a browser stand for: one says who has signed in, the other who still owes something. */
export async function authenticateCookies(
  ctx: Context,
  cookies: { full: string | undefined; pending: string | undefined },
): Promise<Context> {
  const full = cookies.full ? await authenticateSession(ctx, cookies.full) : undefined;
  const pending = cookies.pending ? await authenticateSession(ctx, cookies.pending) : undefined;
  return { ...ctx, ...pendingOf(pending), ...standingOf(full) };
}

/** With the firm as it was read together with the session: what was kept of it may have been out of date. */
function standingOf(reading: SessionReading | undefined) {
  return reading?.state === "full" ? { tenant: reading.tenant, actor: reading.actor } : undefined;
}

function pendingOf(reading: SessionReading | undefined) {
  return reading?.state === "pending" ? { tenant: reading.tenant, pending: reading.pending } : undefined;
}
