import { withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { type ApiTokenReading, readApiToken } from "./read-api-token.ts";

/** Tokens that are none, from one source: a hundred at once, then one a second. Those that are right cost nothing. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };

/** Who an API token speaks for. Throws rate_limited, overloaded. */
export async function authenticateApiToken(ctx: Context, token: string): Promise<Context> {
  return settleApiToken(ctx, await readApiToken(ctx.tenant, sourceOf(ctx.origin), token));
}

/**
 * What comes of an API token that was read. Each refusal is recorded: a token may be guessed, another firm's, or in a
 * program that nobody has told of its end. A source that goes on has used up its allowance, and leaves no rows behind.
 * @throws DomainError rate_limited
 */
export async function settleApiToken(ctx: Context, reading: ApiTokenReading): Promise<Context> {
  if (reading.state === "full") return { ...ctx, tenant: reading.tenant, actor: reading.actor };
  const source = sourceOf(ctx.origin);
  const allowed = await withTenant(ctx.tenant.id, (db) =>
    takeAllowances(db, [{ key: `api-token:failures:${source}`, ...PER_SOURCE }]),
  );
  if (!allowed) throw rateLimited("too_many_wrong_api_tokens", PER_SOURCE.everySeconds);
  await recordRefusal(ctx, "api_token", `${reading.reason}_token`);
  return ctx;
}
