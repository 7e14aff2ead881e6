import { and, desc, eq, gt, isNotNull, isNull, or, sql } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { query } from "#lib/core/query.ts";

/** How long its use stands at the head of the audit log. */
const REMEMBERED = 30 * DAY;

/** As many as a banner can hold. */
const MOST = 20;

/** Who may come in past the identity provider, and who has of late: for the head of the audit log (J3). */
export const describeBreakGlassAlarm = query({
  event: "break_glass_alarm.read",
  permission: "audit:read",
  async run({ db, ctx: { now } }) {
    const used = gt(breakGlass.lastUsedAt, after(now, -REMEMBERED));
    const armed = and(
      isNotNull(breakGlass.armedAt),
      isNull(breakGlass.endedAt),
      gt(breakGlass.expiresAt, now),
    );
    const rows = await db
      .select({
        id: breakGlass.id,
        name: members.name,
        usedAt: breakGlass.lastUsedAt,
        expiresAt: breakGlass.expiresAt,
        endedAt: breakGlass.endedAt,
      })
      .from(breakGlass)
      .innerJoin(members, eq(members.id, breakGlass.memberId))
      .where(or(used, armed))
      .orderBy(sql`${desc(breakGlass.lastUsedAt)} nulls last`, desc(breakGlass.id))
      .limit(MOST);
    return rows.map(({ expiresAt, endedAt, ...row }) => ({
      ...row,
      armedUntil: endedAt === null && now < expiresAt ? expiresAt : undefined,
    }));
  },
});
