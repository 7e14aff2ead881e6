import { eq } from "drizzle-orm";
import { rateLimits } from "#db/schema/rate-limits.ts";
import { withTenant } from "#db/tenant.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { type DomainError, rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";

/** At once; then ten a second. Each API token and each session has its own. */
export const REQUESTS = 600;
const EVERY_SECONDS = 0.1;

export type Allowance = { headers: Record<string, string>; refused: DomainError | undefined };

/** Takes one request from what the caller's token may ask. Undefined for whoever is nobody: there is nothing to ask for. */
export async function takeAllowance(ctx: Context): Promise<Allowance | undefined> {
  const { actor } = ctx;
  if (!actor) return undefined;
  const key = `api:${actor.sessionId}`;
  return withTenant(ctx.tenant.id, async (db, now) => {
    const taken = await takeAllowances(db, [{ key, burst: REQUESTS, everySeconds: EVERY_SECONDS }]);
    const [row] = await db
      .select({ wholeAt: rateLimits.wholeAt })
      .from(rateLimits)
      .where(eq(rateLimits.key, key));
    const wholeInSeconds = Math.max(0, ((row?.wholeAt ?? now).getTime() - now.getTime()) / SECOND);
    const remaining = Math.max(0, Math.floor(REQUESTS - wholeInSeconds / EVERY_SECONDS));
    return {
      headers: {
        "ratelimit-limit": String(REQUESTS),
        "ratelimit-remaining": String(taken ? remaining : 0),
        "ratelimit-reset": String(Math.ceil(wholeInSeconds)),
      },
      refused: taken ? undefined : rateLimited("too_many_requests", 1),
    };
  });
}
