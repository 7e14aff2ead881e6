import { and, eq, isNull } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findBreakGlass } from "#lib/auth/sso/break-glass/find-break-glass.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound, rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById, lockMember, type Member } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { readFactorsOf } from "./read-factors.ts";

/** The caller's own account, for looking at its second factors. Throws not_found for whom the firm takes the provider's word. */
export async function findOwnFactors(db: TenantDb, ctx: RunContext): Promise<Owner> {
  return ownerOf(db, ctx, findMemberById);
}

/** Changes of one's own second factors: each of them is mailed to their owner. */
const PER_MEMBER = { burst: 30, everySeconds: 60 };

/**
 * The same, with its row locked. A request that was under way when the account was closed, or its session ended, changes
 * nothing any more.
 * @throws DomainError unauthenticated, not_found, rate_limited
 */
export async function lockOwnFactors(db: TenantDb, ctx: RunContext): Promise<Owner> {
  const owner = await ownerOf(db, ctx, lockMember);
  const { status, frozenAt } = owner.member;
  const [live] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, owner.sessionId), isNull(sessions.revokedAt)));
  if (!live || status !== "enabled" || frozenAt) throw unauthenticated("session_ended");
  const allowance = { key: `own-factors:${owner.member.id}`, ...PER_MEMBER };
  if (!(await takeAllowances(db, [allowance])))
    throw rateLimited("too_many_factor_changes", PER_MEMBER.everySeconds);
  return owner;
}

type Owner = { member: Member; sessionId: string };

async function ownerOf(
  db: TenantDb,
  { actor, now }: RunContext,
  find: typeof findMemberById,
): Promise<Owner> {
  const member = actor && (await find(db, actor.memberId));
  if (!member) throw unauthenticated("session_ended");
  if (!(await mayHaveFactors(db, now, member))) throw notFound();
  return { member, sessionId: actor.sessionId };
}

/**
 * Whether second factors of the portal are for a member: not for whom the firm takes the word of the identity provider, as
 * long as they have none (E2) and are not proposed for break-glass (J3).
 */
export async function mayHaveFactors(db: TenantDb, now: Date, member: Member): Promise<boolean> {
  const mayChoose = await mayChooseFactors(db, member);
  return mayChoose || (await findBreakGlass(db, now, member.id)) !== undefined;
}

/** The same, whatever they are proposed for. */
export async function mayChooseFactors(db: TenantDb, { id, connectionId }: Member): Promise<boolean> {
  if (connectionId === null) return true;
  const { options } = await readSecurityOptions(db);
  return !options.trustProviderFactors || (await readFactorsOf(db, id)).enrolled.length > 0;
}
