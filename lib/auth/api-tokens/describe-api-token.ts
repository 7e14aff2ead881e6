import { and, desc, eq, gt, isNotNull, isNull } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import type { TenantDb } from "#db/tenant.ts";
import { PERMISSIONS } from "#lib/access/permissions.ts";
import { query } from "#lib/core/query.ts";
import { currentToken } from "./generate-api-token.ts";
import { requireTokenOwner, scopesOfferedTo } from "./token-owner.ts";

type ApiToken = typeof apiTokens.$inferSelect;

/** A token as it may be shown for ever: how it begins, and nothing else of it. */
export type ShownToken = Pick<
  ApiToken,
  "id" | "hint" | "scopes" | "createdAt" | "expiresAt" | "lastUsedAt" | "lastUsedSource"
>;

/**
 * The API token of the caller, or of somebody else of the staff, and what a new one could do (004-06). Throws not_found,
 * forbidden.
 */
export const describeApiToken = query({
  event: "api_token.described",
  permission: "person",
  async run({ db, ctx }, memberId: string | undefined) {
    const owner = await requireTokenOwner(db, ctx, memberId);
    const { member, isOwn } = owner;
    const token = await currentToken(db, ctx.now, member.id);
    const isOpen = member.status === "enabled" && member.frozenAt === null;
    return {
      owner: { id: member.id, name: member.name, isOwn },
      token: token && shownToken(token),
      /** Replaced ones whose overlap lasts. */
      leaving: (await leavingTokens(db, ctx.now, member.id)).map(shownToken),
      /** Undefined where nothing may speak for the account now. */
      scopes: isOpen
        ? scopesOfferedTo(owner).map((scope) => ({ scope, sentence: PERMISSIONS[scope] }))
        : undefined,
    };
  },
});

export type ApiTokenDescription = Awaited<ReturnType<typeof describeApiToken>>;

async function leavingTokens(db: TenantDb, now: Date, memberId: string): Promise<ApiToken[]> {
  return db
    .select()
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.memberId, memberId),
        isNull(apiTokens.endedAt),
        isNotNull(apiTokens.replacedAt),
        gt(apiTokens.expiresAt, now),
      ),
    )
    .orderBy(desc(apiTokens.createdAt));
}

function shownToken(token: ApiToken): ShownToken {
  const { id, hint, scopes, createdAt, expiresAt, lastUsedAt, lastUsedSource } = token;
  return { id, hint, scopes, createdAt, expiresAt, lastUsedAt, lastUsedSource };
}
