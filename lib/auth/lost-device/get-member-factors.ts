import { desc, eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { factorResets } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isInReach } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { permissionNotHeld } from "#lib/members/change-member-security.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { hasAnyFactor } from "./has-any-factor.ts";
import { findOpenReset } from "./open-reset.ts";

/** What whoever may take second factors away sees of somebody's. Throws not_found. */
export const getMemberFactors = query({
  event: "member_factors.read",
  permission: "factors:reset",
  async run({ db, ctx }, memberId: string) {
    const member = isId(memberId) ? await findMemberById(db, memberId) : undefined;
    if (!member || !(await isInReach(db, ctx, member))) throw notFound();
    const open = await findOpenReset(db, member.id);
    const heldUntil = open?.status === "held" ? open.heldUntil : null;
    return {
      member,
      hasAny: await hasAnyFactor(db, member.id),
      heldUntil,
      mayTake: await mayTake(db, ctx, member),
      /** When they were taken away last, and why: `applied` for one who had asked for it. */
      last: await lastOf(db, member.id),
    };
  },
});

/** Not from one's own account, nor from one that may do more than the caller's. */
async function mayTake(db: TenantDb, ctx: Context, member: Member): Promise<boolean> {
  if (member.id === ctx.actor?.memberId) return false;
  const groups = await db.select().from(securityGroups).where(eq(securityGroups.id, member.securityGroupId));
  return permissionNotHeld(ctx, member, groups) === undefined;
}

async function lastOf(db: TenantDb, memberId: string) {
  const { endedAt, endedReason } = factorResets;
  const rows = await db
    .select({ status: factorResets.status, at: endedAt, reason: endedReason })
    .from(factorResets)
    .where(eq(factorResets.memberId, memberId))
    .orderBy(desc(factorResets.createdAt));
  return rows.find(({ status }) => status === "done");
}
