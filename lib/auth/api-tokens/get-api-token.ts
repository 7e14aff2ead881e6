import { and, desc, eq, gt, isNotNull, isNull } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import type { TenantDb } from "#db/tenant.ts";
import { PERMISSIONS } from "#lib/access/permissions.ts";
import { hasPermission, requirePermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { currentToken } from "./generate-api-token.ts";
import { findTokenOwner, scopesOfferedTo } from "./token-owner.ts";

type ApiToken = typeof apiTokens.$inferSelect;

/** A token as it may be shown for ever: how it begins, and nothing else of it. */
export type ShownToken = Pick<
  ApiToken,
  "id" | "hint" | "scopes" | "createdAt" | "expiresAt" | "lastUsedAt" | "lastUsedSource"
>;

/**
 * The API token of the caller, or of somebody else of the staff, and what a new one could do (004-06). Whoever may not
 * generate one any more still sees the own one, to revoke it. Throws not_found, forbidden.
 */
export const getApiToken = query({
  event: "api_token.read",
  permission: "person",
  run: ({ db, ctx }, memberId: string | undefined) => describeToken(db, ctx, memberId),
});

/** The same where it is one of several things on a page: undefined for whom it is not for. */
export const findApiToken = query({
  event: "api_token.looked_for",
  permission: "person",
  async run({ db, ctx }, memberId: string | undefined) {
    try {
      return await describeToken(db, ctx, memberId);
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  },
});

async function describeToken(db: TenantDb, ctx: RunContext, memberId: string | undefined) {
  const owner = await ownerSeenBy(db, ctx, memberId);
  const { member, isOwn, mayGenerate } = owner;
  const token = await currentToken(db, ctx.now, member.id);
  const leaving = await leavingTokens(db, ctx.now, member.id);
  if (!mayGenerate && !token && leaving.length === 0) requirePermission(ctx, "api_tokens:own");
  const isOpen = mayGenerate && member.status === "enabled" && member.frozenAt === null;
  return {
    owner: { id: member.id, name: member.name, isOwn },
    token: token && shownToken(token),
    /** Replaced ones whose overlap lasts. */
    leaving: leaving.map(shownToken),
    /** Undefined where nothing new may speak for the account now. */
    scopes: isOpen
      ? scopesOfferedTo(owner).map((scope) => ({ scope, sentence: PERMISSIONS[scope] }))
      : undefined,
  };
}

export type ApiTokenDescription = Awaited<ReturnType<typeof describeToken>>;

async function ownerSeenBy(db: TenantDb, ctx: Context, memberId: string | undefined) {
  const owner = await findTokenOwner(db, ctx, memberId);
  const mayGenerate = !owner.isOwn || hasPermission(ctx, "api_tokens:own");
  return { ...owner, mayGenerate };
}

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
