import { query } from "#lib/core/query.ts";
import { timeZoneOf } from "#lib/settings/read-firm-settings.ts";
import { describeEvents } from "./describe-events.ts";
import { findEvents } from "./find-events.ts";
import { AuditFilters } from "./input.ts";

/** As many events as one page shows. */
export const EVENTS_ON_A_PAGE = 50;

/**
 * What happened in the firm, the newest first, a page at a time. All events are listed; people, clients and groups are
 * named to whoever may see them otherwise.
 */
export const listEvents = query({
  event: "audit_log.read",
  permission: "audit:read",
  async run({ db, ctx }, wish: unknown) {
    const filters = AuditFilters.parse(wish);
    const timeZone = await timeZoneOf(db, ctx);
    const { rows, next } = await findEvents(db, { ctx, filters, timeZone, limit: EVENTS_ON_A_PAGE });
    return { filters, timeZone, events: await describeEvents(db, ctx, rows), next };
  },
});
