import { and, eq, isNull, lt, or } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { scimTokens } from "#db/schema/scim.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Context, Directory, DirectoryContext } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { isScimToken } from "./scim-token.ts";

/** Tokens that are none, from one source: a hundred at once, then one a second. Those that are right cost nothing. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };

type Reading =
  | { directory: Directory }
  | { reason: "malformed" | "unknown" | "revoked" | "expired" | "retired" };

/**
 * Which directory of this firm a token speaks for, asked of the database on each request (SEC82). Whatever is wrong with it,
 * the answer is the same, and the reason stands in the audit log.
 * @throws DomainError unauthenticated, rate_limited, overloaded
 */
export async function authenticateDirectory(ctx: Context, token: string): Promise<DirectoryContext> {
  const reading = await read(ctx, token);
  if ("directory" in reading) return { ...ctx, via: "directory", directory: reading.directory };
  const source = sourceOf(ctx.origin);
  const allowed = await withTenant(ctx.tenant.id, (db) =>
    takeAllowances(db, [{ key: `scim-token:failures:${source}`, ...PER_SOURCE }]),
  );
  if (!allowed) throw rateLimited("too_many_wrong_scim_tokens", PER_SOURCE.everySeconds);
  await recordRefusal(ctx, "directory", `${reading.reason}_token`);
  throw unauthenticated(`${reading.reason}_token`);
}

async function read(ctx: Context, token: string): Promise<Reading> {
  if (!isScimToken(token)) return { reason: "malformed" };
  try {
    return await withTenant(ctx.tenant.id, (db, now) => find(db, now, token));
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}

async function find(db: TenantDb, now: Date, token: string): Promise<Reading> {
  const [found] = await db
    .select({ token: scimTokens, name: connections.name, state: connections.state })
    .from(scimTokens)
    .innerJoin(connections, eq(connections.id, scimTokens.connectionId))
    .where(eq(scimTokens.tokenHash, sha256(token)));
  if (!found) return { reason: "unknown" };
  const { id, connectionId, revokedAt, expiresAt } = found.token;
  if (revokedAt !== null) return { reason: "revoked" };
  if (expiresAt <= now) return { reason: "expired" };
  if (found.state === "retired") return { reason: "retired" };
  await noteUse(db, now, id);
  return { directory: { tokenId: id, connectionId, connectionName: found.name } };
}

/** At most once a minute: a row that each request would write is one that they wait for each other by. */
async function noteUse(db: TenantDb, now: Date, id: string): Promise<void> {
  const isDue = or(isNull(scimTokens.lastUsedAt), lt(scimTokens.lastUsedAt, after(now, -MINUTE)));
  await db
    .update(scimTokens)
    .set({ lastUsedAt: now })
    .where(and(eq(scimTokens.id, id), isDue));
}
