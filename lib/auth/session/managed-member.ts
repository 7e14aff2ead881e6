import { asc, eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";

/**
 * Somebody whose sessions the caller may see and end: whose record the caller sees, and who holds no more than the caller
 * (SEC60).
 * @throws DomainError not_found, forbidden
 */
export async function findManagedMember(db: TenantDb, ctx: Context, memberId: string): Promise<Member> {
  const member = await findSeenMember(db, ctx, memberId);
  if (!member) throw notFound();
  const [group] = await db
    .select()
    .from(securityGroups)
    .where(eq(securityGroups.id, member.securityGroupId))
    .orderBy(asc(securityGroups.position));
  if (group) requireHeld(ctx, group);
  return member;
}

/** The same, locked for a change. */
export async function lockManagedMember(db: TenantDb, ctx: Context, memberId: string): Promise<Member> {
  await lockMember(db, memberId);
  return findManagedMember(db, ctx, memberId);
}
