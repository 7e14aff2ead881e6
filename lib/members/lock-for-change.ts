import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { isSeen } from "#lib/access/seen.ts";
import { requirePermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import type { Group } from "#lib/groups/held.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { requireNoMoreThanHeld } from "./change-member-security.ts";
import { findMemberById, lockMember, type Member } from "./find-member.ts";

type Wanted = {
  memberId: string;
  /** What it takes, by the kind of account. */
  needs: Record<Member["kind"], Permission>;
  /** Deleted ones only, instead of those who are there. */
  deleted?: boolean;
};

/**
 * The account that is to be changed, locked, with the firm's groups. Who may not see it does not find it; who may not
 * change it, or holds less than it does, is refused. The groups of staff are locked too: any of them may be the last
 * Administrator.
 * @throws DomainError not_found, forbidden
 */
export async function lockForChange(
  db: TenantDb,
  ctx: RunContext,
  { memberId, needs, deleted = false }: Wanted,
): Promise<{ member: Member; groups: Group[] }> {
  const known = await findMemberById(db, memberId);
  const groups =
    known?.kind === "staff"
      ? await lockGroups(db)
      : await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
  const member = known && (await lockMember(db, memberId));
  if (!member || (member.deletedAt !== null) !== deleted) throw notFound();
  // Whether somebody is deleted was asked above; whose record it is decides who sees it.
  if (member.erasedAt !== null || !(await isSeen(db, ctx, { ...member, deletedAt: null }))) throw notFound();
  requirePermission(ctx, needs[member.kind]);
  requireNoMoreThanHeld(ctx, member, groups);
  return { member, groups };
}
