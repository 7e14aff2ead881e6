import { and, desc, eq, gte, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { auditEvents } from "#db/schema/audit.ts";
import { members, memberSearchTerms as terms } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenPeople } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { isId } from "#lib/core/ids.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { beginsWith } from "#lib/members/begins-with.ts";
import { beginOf, endOf } from "./days.ts";
import { eventsOf } from "./event-words.ts";
import type { AuditFilters } from "./input.ts";

export type EventRow = typeof auditEvents.$inferSelect;

type Wanted = { ctx: Context; filters: AuditFilters; timeZone: string; limit: number; only?: SQL };

/** Events, the newest first, from behind the place that the filters name. One more is asked for than fits on a page. */
export async function findEvents(
  db: TenantDb,
  { ctx, filters, timeZone, limit, only }: Wanted,
): Promise<{ rows: EventRow[]; next: string | undefined }> {
  if (isByName(filters)) await planAnew(db);
  const place = filters.after === undefined ? undefined : await behind(db, filters.after, only);
  const rows = await db
    .select()
    .from(auditEvents)
    .where(and(only, matching(ctx, filters, timeZone), place))
    .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
    .limit(limit + 1);
  return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]?.id : undefined };
}

function isByName({ by, about }: AuditFilters): boolean {
  return [by, about].some((typed) => typed !== undefined && !isId(typed));
}

/** By the moment in full: a date of JavaScript would cut it off, and skip or repeat events. */
async function behind(db: TenantDb, id: string, only: SQL | undefined): Promise<SQL> {
  const [last] = await db
    .select({ at: sql<string>`${auditEvents.createdAt}::text` })
    .from(auditEvents)
    .where(and(eq(auditEvents.id, id), only));
  // When that event is gone there is nothing behind it.
  if (!last) return sql`false`;
  return sql`(${auditEvents.createdAt}, ${auditEvents.id}) < (${last.at}::timestamptz, ${id}::uuid)`;
}

function matching(ctx: Context, filters: AuditFilters, timeZone: string): SQL | undefined {
  const { from, to, event, by, about, outcome, source, request } = filters;
  const refused = sql`${auditEvents.event} like '%.refused'`;
  return and(
    from === undefined ? undefined : gte(auditEvents.createdAt, beginOf(timeZone, from)),
    to === undefined ? undefined : lt(auditEvents.createdAt, endOf(timeZone, to)),
    event === undefined ? undefined : inArray(auditEvents.event, eventsOf(event)),
    by === undefined ? undefined : somebody(ctx, auditEvents.actorId, by),
    about === undefined ? undefined : somebody(ctx, auditEvents.targetId, about),
    outcome && (outcome === "refused" ? refused : sql`not ${refused}`),
    source === undefined ? undefined : eq(auditEvents.source, source),
    request === undefined ? undefined : eq(auditEvents.requestId, request),
  );
}

/** By an id, or by how a name begins of those whom the caller may see: a log must not become a directory. */
function somebody(ctx: Context, column: PgColumn, typed: string): SQL {
  if (isId(typed)) return sql`${column} = ${typed}`;
  return sql`${column} in (
    select ${terms.memberId} from ${terms} join ${members} on ${members.id} = ${terms.memberId}
     where ${and(beginsWith(typed), ne(terms.kind, "address"), seenPeople(ctx))})`;
}
