import { asc, eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { effectivePermissions, type Permission } from "#lib/access/permissions.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import { requirePermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound, unauthenticated } from "#lib/core/errors.ts";
import { type Group, requireHeld } from "#lib/groups/held.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";

export type TokenOwner = { member: Member; group: Group; isOwn: boolean };

/**
 * Whose API token is to be generated or revoked: the caller's own, or one of the staff whom the caller sees and who holds
 * no more than the caller (SEC60). Contacts have none. Throws not_found, forbidden.
 */
export async function requireTokenOwner(
  db: TenantDb,
  ctx: Context,
  memberId: string | undefined,
): Promise<TokenOwner> {
  if (isOwnToken(ctx, memberId)) requirePermission(ctx, "api_tokens:own");
  return findTokenOwner(db, ctx, memberId);
}

/** The same without asking whether the caller may generate the own one. */
export async function findTokenOwner(
  db: TenantDb,
  ctx: Context,
  memberId: string | undefined,
): Promise<TokenOwner> {
  const isOwn = isOwnToken(ctx, memberId);
  if (!isOwn) requirePermission(ctx, "api_tokens:manage");
  const id = memberId ?? ctx.actor?.memberId ?? "";
  const member = isOwn ? await findMemberById(db, id) : await findSeenMember(db, ctx, id);
  if (member?.kind !== "staff") throw notFound();
  const group = await groupOf(db, member);
  if (!isOwn) requireHeld(ctx, group);
  return { member, group, isOwn };
}

function isOwnToken({ actor }: Context, memberId: string | undefined): boolean {
  if (!actor) throw unauthenticated("not_signed_in");
  return memberId === undefined || memberId === actor.memberId;
}

async function groupOf(db: TenantDb, { securityGroupId }: Member): Promise<Group> {
  const [group] = await db
    .select()
    .from(securityGroups)
    .where(eq(securityGroups.id, securityGroupId))
    .orderBy(asc(securityGroups.position));
  if (!group) throw new Error("A member without a security group.");
  return group;
}

/** What a token of this owner may do at most: all that its owner may but giving out tokens. */
export function scopesOfferedTo({ member, group }: Pick<TokenOwner, "member" | "group">): Permission[] {
  const held = effectivePermissions(member.kind, group.permissions);
  return [...held].filter((permission) => !permission.startsWith("api_tokens:")).sort();
}
