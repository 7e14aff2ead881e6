import { and, eq, gt, isNull } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ANSWERS_FOR_SSO } from "#lib/auth/sso/administrators.ts";

export type BreakGlass = typeof breakGlass.$inferSelect;

/**
 * What is proposed or armed for a member, as long as it is good and they still answer for how the firm signs in: whoever was
 * made less has no way past the identity provider any more.
 */
export async function findBreakGlass(
  db: TenantDb,
  now: Date,
  memberId: string,
): Promise<BreakGlass | undefined> {
  const [row] = await db
    .select({ breakGlass })
    .from(breakGlass)
    .innerJoin(members, eq(members.id, breakGlass.memberId))
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(
      and(
        eq(breakGlass.memberId, memberId),
        isNull(breakGlass.endedAt),
        gt(breakGlass.expiresAt, now),
        ANSWERS_FOR_SSO,
      ),
    );
  return row?.breakGlass;
}
