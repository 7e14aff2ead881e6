import { and, eq, or, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import type { Member } from "#lib/members/find-member.ts";
import { timeZoneOf } from "#lib/settings/read-firm-settings.ts";
import { describeEvents } from "./describe-events.ts";
import { findEvents } from "./find-events.ts";
import { AuditFilters } from "./input.ts";
import { EVENTS_ON_A_PAGE } from "./list-events.ts";

type Wish = { memberId: string; after: unknown };

/** What one person did, and what was done about them. Throws not_found for whom the caller may not see. */
export const listMemberEvents = query({
  event: "audit_log.member_read",
  permission: "audit:read",
  async run({ db, ctx }, { memberId, after }: Wish) {
    const member = await findSeenMember(db, ctx, memberId);
    if (!member) throw notFound();
    const filters = AuditFilters.parse({ after });
    const timeZone = await timeZoneOf(db, ctx);
    const only = and(ofMember(member), member.connectionId === null ? undefined : WITHOUT_PASSWORDS);
    const { rows, next } = await findEvents(db, { ctx, filters, timeZone, limit: EVENTS_ON_A_PAGE, only });
    const { id, kind, name, connectionId } = member;
    return {
      member: { id, kind, name, federated: connectionId !== null },
      ...{ filters, timeZone, next },
      events: await describeEvents(db, ctx, rows),
    };
  },
});

function ofMember({ id }: Member) {
  return or(eq(auditEvents.actorId, id), eq(auditEvents.targetId, id));
}

/** Who signs in by SSO has none here, and no page about them speaks of one (004-02). The whole log keeps these events. */
const WITHOUT_PASSWORDS = sql`concat(${auditEvents.event}, ${auditEvents.reason}, ${auditEvents.detail}) not like '%password%'`;
