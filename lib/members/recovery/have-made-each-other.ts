import { and, eq, gt, inArray, or } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY } from "#lib/core/clock.ts";

/** By these somebody could make, sign in as, or raise, the second person that they need. */
const MAKES = [
  ...["member.created", "member.invited", "member.changed", "member.access_set", "member.restored"],
  ...["member_security.changed", "password.set", "second_factors.reset"],
  ...["api_token.generated", "account.unfrozen", "account.unlocked"],
];
/** How long that is remembered. */
const REMEMBERED = 7 * DAY;

/** Whether one of two people has had the other's account in hand of late: then they may be one person (B12). */
export async function haveMadeEachOther(
  db: TenantDb,
  now: Date,
  one: string,
  other: string,
): Promise<boolean> {
  const made = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.event, MAKES),
        gt(auditEvents.createdAt, after(now, -REMEMBERED)),
        or(
          and(eq(auditEvents.actorId, one), eq(auditEvents.targetId, other)),
          and(eq(auditEvents.actorId, other), eq(auditEvents.targetId, one)),
        ),
      ),
    )
    .limit(1);
  return made.length > 0;
}
