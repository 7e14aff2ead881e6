import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { settleApiToken } from "#lib/auth/api-tokens/authenticate-api-token.ts";
import {
  authenticateBearer,
  bearerTokenIn,
  contextOfReading,
} from "#lib/auth/session/authenticate-caller.ts";
import { recordSuspicion } from "#lib/auth/session/authenticate-session.ts";
import { lifeOf, permissionsOf } from "#lib/auth/session/describe-session.ts";
import { readTokens, type TokenReading } from "#lib/auth/tokens/read-tokens.ts";
import { requirePermission } from "#lib/core/access.ts";
import { SECOND } from "#lib/core/clock.ts";
import { authorOf } from "#lib/core/command.ts";
import type { Actor, Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { jsonAnswer, type PlainAnswer } from "../plain-answer.ts";
import { plainProblem, plainProblemOf } from "../problem.ts";
import { type Asked, type Check, headerOf } from "./check.ts";

/**
 * Whether a token that somebody came with is good in this firm, and whose it is (RFC 7662, PERF2). The caller's own token
 * and that one are read in one statement.
 */
export const introspection: Check = { readsBody: true, authenticate, answer };

const PERMISSION = "tokens:introspect";

/** What was read together with the caller's token. */
type Introspecting = Context & { subject?: TokenReading };

async function authenticate({ ctx, headers, body }: Asked): Promise<Introspecting> {
  const own = bearerTokenIn(headerOf(headers, "authorization")) ?? "";
  const token = tokenIn(headers, body);
  if (token === undefined || own === "") return authenticateBearer(ctx, own);
  const [caller, subject] = await readTokens(ctx, [own, token]);
  if (!caller || !subject) return ctx;
  await reportCopied(ctx, subject);
  return { ...(await contextOf(ctx, caller)), subject };
}

async function contextOf(ctx: Context, { kind, reading }: TokenReading): Promise<Context> {
  if (kind === "api_token") return settleApiToken(ctx, reading);
  if (reading.state === "none") await recordSuspicion(ctx, reading);
  return contextOfReading(ctx, reading);
}

/** Its session has ended with this reading, whoever asked: its owner is told (I4). */
async function reportCopied(ctx: Context, { kind, reading }: TokenReading): Promise<void> {
  if (kind === "session" && reading.state === "none" && reading.reason === "reused")
    await recordSuspicion(ctx, reading);
}

async function answer(ctx: Introspecting, asked: Asked): Promise<PlainAnswer> {
  try {
    requirePermission(ctx, PERMISSION);
  } catch (error) {
    return refuse(ctx, error, asked);
  }
  const token = tokenIn(asked.headers, asked.body);
  if (token === undefined) return plainProblem("invalid", 400, NO_TOKEN, { error: "invalid_request" });
  const [subject] = ctx.subject ? [ctx.subject] : await readTokens(ctx, [token]);
  if (subject?.reading.state === "full") return jsonAnswer(described(subject.reading.actor));
  if (subject?.reading.state === "none" && UNGIVEN.has(subject.reading.reason))
    await recordRefusal(ctx, "introspection", `${subject.reading.reason}_token`);
  return jsonAnswer({ active: false });
}

const NO_TOKEN = "The body has to be a form (application/x-www-form-urlencoded) with one field token.";

/** What this firm never gave, or not for this host: made up, or another firm's. */
const UNGIVEN: ReadonlySet<string> = new Set(["malformed", "unknown", "wrong_host"]);

/** As RFC 6750 names what is wrong, beside what every problem says. */
async function refuse(ctx: Context, error: unknown, { headers }: Asked): Promise<PlainAnswer> {
  if (!(error instanceof DomainError)) throw error;
  await recordRefusal(authorOf(ctx, PERMISSION), "api_request", error.reason ?? error.code);
  const refusal = plainProblemOf(error, ctx.origin);
  const isForbidden = error.code === "forbidden";
  const forbidden = `Bearer error="insufficient_scope", scope="${PERMISSION}"`;
  const unknown = headers.authorization === undefined ? "Bearer" : 'Bearer error="invalid_token"';
  return {
    ...refusal,
    headers: { ...refusal.headers, "www-authenticate": isForbidden ? forbidden : unknown },
  };
}

/** The one token of the form; undefined where there is none, or several, or no form. */
function tokenIn(headers: Asked["headers"], body: string): string | undefined {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headerOf(headers, "content-type") ?? ""))
    return undefined;
  const [token = "", ...others] = new URLSearchParams(body).getAll("token");
  return token === "" || others.length > 0 ? undefined : token;
}

/** `exp` is the nearest end: whoever keeps this answer until then keeps it no longer than an idle session lasts. */
function described(actor: Actor) {
  const life = lifeOf(actor);
  return {
    active: true,
    scope: permissionsOf(actor).join(" "),
    username: actor.username,
    sub: actor.memberId,
    token_type: "Bearer",
    kind: actor.byApiToken ? "api_token" : "session",
    ...(life && { exp: inSeconds(life.endsAt), iat: inSeconds(life.startedAt) }),
  };
}

function inSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / SECOND);
}
