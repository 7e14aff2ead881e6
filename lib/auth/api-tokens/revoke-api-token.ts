import { and, eq, isNull } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import type { TenantDb } from "#db/tenant.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { RevokeApiTokenInput } from "./input.ts";
import { requireTokenOwner } from "./token-owner.ts";

type ApiToken = typeof apiTokens.$inferSelect;

/**
 * Ends an API token at once: one's own, which needs no permission, or that of somebody who holds no more than the
 * caller. One that has ended stays so.
 * @throws DomainError not_found, forbidden
 */
export const revokeApiToken = command({
  event: "api_token.revoked",
  permission: "person",
  input: RevokeApiTokenInput,
  async run({ db, ctx }, { tokenId }) {
    const token = await requireToken(db, ctx, tokenId);
    await lockMember(db, token.memberId);
    if (!isOwn(ctx, token)) await requireTokenOwner(db, ctx, token.memberId);
    const ended = await db
      .update(apiTokens)
      .set({ endedAt: ctx.now, endedReason: "revoked" })
      .where(and(eq(apiTokens.id, token.id), isNull(apiTokens.endedAt)))
      .returning({ id: apiTokens.id });
    return { id: token.id, memberId: token.memberId, hint: token.hint, revoked: ended.length === 1 };
  },
  audit: ({ memberId, hint, revoked }) =>
    revoked ? [{ event: "api_token.revoked", targetId: memberId, detail: { hint } }] : [],
});

/** Whoever may revoke the own ones only is refused whether there is another one or not. */
async function requireToken(db: TenantDb, ctx: Context, id: string): Promise<ApiToken> {
  const [token] = await db.select().from(apiTokens).where(eq(apiTokens.id, id));
  if (!isOwn(ctx, token)) requirePermission(ctx, "api_tokens:manage");
  if (!token) throw notFound();
  return token;
}

function isOwn(ctx: Context, token: ApiToken | undefined): boolean {
  return token !== undefined && token.memberId === ctx.actor?.memberId;
}
