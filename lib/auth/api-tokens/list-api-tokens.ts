import { and, desc, eq, gt, isNull, lt, or, type SQL } from "drizzle-orm";
import * as z from "zod";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { query } from "#lib/core/query.ts";

/** As many as one page shows. */
const PAGE_SIZE = 100;

/** From an address bar: what makes no sense there is no wish. */
const ListWish = z.object({ after: z.uuid().optional().catch(undefined) }).catch({ after: undefined });

/**
 * The firm's API tokens that are good now, the newest first, with whose they are. Who may not see the firm's staff finds
 * the own ones only.
 */
export const listApiTokens = query({
  event: "api_tokens.listed",
  permission: "api_tokens:manage",
  async run({ db, ctx }, wish: unknown) {
    const { after } = ListWish.parse(wish);
    const rows = await db
      .select({ token: apiTokens, owner: { id: members.id, name: members.name, username: members.username } })
      .from(apiTokens)
      .innerJoin(members, eq(members.id, apiTokens.memberId))
      .where(
        and(
          isNull(apiTokens.endedAt),
          gt(apiTokens.expiresAt, ctx.now),
          seenOwners(ctx),
          after === undefined ? undefined : await behind(db, ctx, after),
        ),
      )
      .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
      .limit(PAGE_SIZE + 1);
    const page = rows.slice(0, PAGE_SIZE);
    return {
      after,
      next: rows.length > PAGE_SIZE ? page.at(-1)?.token.id : undefined,
      tokens: page.map(({ token, owner }) => ({ ...shown(token), owner })),
    };
  },
});

function seenOwners(ctx: Context): SQL | undefined {
  if (!ctx.actor || hasPermission(ctx, "members:read")) return undefined;
  return eq(apiTokens.memberId, ctx.actor.memberId);
}

/** Everything older than one of those that the reader sees. When that one is gone there is nothing. */
async function behind(db: TenantDb, ctx: Context, id: string): Promise<SQL | undefined> {
  const [last] = await db
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.id, id), seenOwners(ctx)));
  const createdAt = last?.createdAt ?? new Date(0);
  return or(
    lt(apiTokens.createdAt, createdAt),
    and(eq(apiTokens.createdAt, createdAt), lt(apiTokens.id, id)),
  );
}

function shown({ memberId: _owner, tokenHash: _hash, ...token }: typeof apiTokens.$inferSelect) {
  return token;
}
