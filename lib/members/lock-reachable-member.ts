import type { TenantDb } from "#db/tenant.ts";
import { isInReach } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockMember, type Member } from "./find-member.ts";

/**
 * The member, locked for a change by somebody of the staff. A deleted one, and a contact of clients that the caller is
 * not assigned to (E7), does not exist: throws not_found.
 */
export async function lockReachableMember(db: TenantDb, ctx: Context, id: string): Promise<Member> {
  const member = await lockMember(db, id);
  if (!member || !(await isInReach(db, ctx, member))) throw notFound();
  return member;
}
