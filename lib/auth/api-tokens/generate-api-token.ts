import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY, HOUR } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { conflict, DomainError, invalid, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { newApiToken } from "./api-token.ts";
import { endApiTokens } from "./end-api-tokens.ts";
import { GenerateApiTokenInput } from "./input.ts";
import { requireTokenOwner, scopesOfferedTo, type TokenOwner } from "./token-owner.ts";

/** Tokens of one author: each may be a mail to somebody. */
const PER_AUTHOR = { burst: 30, everySeconds: 60 };

type ApiToken = typeof apiTokens.$inferSelect;

/**
 * Generates an API token, for the caller or for somebody else of the staff (004-06, 004-08, DEC13), and gives it this
 * once: what is kept is its hash. The one before ends at once, or after the overlap that was chosen. Owners are told by
 * mail when somebody else does it.
 * @throws DomainError not_found, forbidden, invalid, conflict, rate_limited
 */
export const generateApiToken = command({
  event: "api_token.generated",
  permission: "person",
  stepUp: "api_token:generate",
  input: GenerateApiTokenInput,
  async run({ db, ctx }, { memberId, scopes, expiresInDays, overlapHours, replaces }) {
    const authorId = authorOf(ctx);
    await lockMember(db, memberId ?? authorId);
    const owner = await requireTokenOwner(db, ctx, memberId);
    requireInUse(owner);
    const granted = scopes ?? scopesOfferedTo(owner);
    requireScopes(owner, granted);
    const before = await currentToken(db, ctx.now, owner.member.id);
    if (replaces !== undefined && replaces !== (before?.id ?? "")) throw generatedMeanwhile();
    const allowed = await takeAllowances(db, [{ key: `api-token:by:${authorId}`, ...PER_AUTHOR }]);
    if (!allowed) throw rateLimited("too_many_api_tokens", PER_AUTHOR.everySeconds);

    await endBefore(db, ctx.now, owner, { before, overlapHours });
    const { token, row } = await insertToken(db, {
      memberId: owner.member.id,
      scopes: [...new Set(granted)].sort(),
      createdBy: authorId,
      createdAt: ctx.now,
      expiresAt: after(ctx.now, expiresInDays * DAY),
    });
    if (!owner.isOwn) await tellOwner(db, ctx, owner);
    const { tokenHash: _, ...about } = row;
    return { ...about, token, overlapHours: before ? overlapHours : 0 };
  },
  audit: ({ memberId, hint, scopes, expiresAt, overlapHours }) => [
    {
      event: "api_token.generated",
      targetId: memberId,
      detail: { hint, scopes: scopes.join(" "), expiresAt: expiresAt.toISOString(), overlapHours },
    },
  ],
});

function authorOf({ actor }: Context): string {
  if (!actor) throw unauthenticated("not_signed_in");
  return actor.memberId;
}

async function insertToken(db: TenantDb, values: Omit<typeof apiTokens.$inferInsert, "tokenHash" | "hint">) {
  const { token, hint } = newApiToken();
  const [row] = await db
    .insert(apiTokens)
    .values({ ...values, tokenHash: sha256(token), hint })
    .returning();
  if (!row) throw new Error("The database returned no API token.");
  return { token, row };
}

/** Nothing speaks for who may not sign in. */
function requireInUse({ member }: TokenOwner): void {
  if (member.status === "disabled") {
    throw new DomainError("conflict", "This account is disabled. Enable it first.");
  }
  if (member.frozenAt) throw new DomainError("conflict", "This account is frozen. Open it again first.");
}

function requireScopes(owner: TokenOwner, wanted: string[]): void {
  const offered: string[] = scopesOfferedTo(owner);
  if (wanted.length === 0) throw invalid({ scopes: ["Choose at least one thing that the token may do."] });
  if (wanted.every((scope) => offered.includes(scope))) return;
  throw invalid({ scopes: [`A token may do what ${owner.member.name} may do, and never give out tokens.`] });
}

/** The one that was generated last and neither ended nor expired. */
export async function currentToken(db: TenantDb, now: Date, memberId: string): Promise<ApiToken | undefined> {
  const [token] = await db
    .select()
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.memberId, memberId),
        isNull(apiTokens.endedAt),
        isNull(apiTokens.replacedAt),
        gt(apiTokens.expiresAt, now),
      ),
    )
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
    .limit(1);
  return token;
}

function generatedMeanwhile(): DomainError {
  return conflict("replaces", "Another API token has been generated meanwhile. Reload the page to see it.");
}

type Before = { before: ApiToken | undefined; overlapHours: number };

/** Those before end now; the last one at the end of its overlap, and never later than it would have. */
async function endBefore(
  db: TenantDb,
  now: Date,
  { member }: TokenOwner,
  { before, overlapHours }: Before,
): Promise<void> {
  const stays = before && overlapHours > 0 ? before : undefined;
  await endApiTokens(db, now, member.id, "replaced", stays?.id);
  if (!stays) return;
  const end = Math.min(Number(after(now, overlapHours * HOUR)), Number(stays.expiresAt));
  await db
    .update(apiTokens)
    .set({ replacedAt: now, expiresAt: new Date(end) })
    .where(eq(apiTokens.id, stays.id));
}

/** So that nobody speaks in somebody's name unnoticed. */
async function tellOwner(db: TenantDb, ctx: RunContext, { member }: TokenOwner): Promise<void> {
  await enqueueEmail(db, {
    template: "api-token-generated",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    props: { at: ctx.now.toISOString() },
  });
}
