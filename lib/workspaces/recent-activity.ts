import { and, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { clientContacts } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import { describeEvents } from "#lib/audit/describe-events.ts";
import type { Context } from "#lib/core/context.ts";

const SHOWN = 20;

/** What colleagues have to know of a client. Everything else, and from where it was done, is for the audit log. */
const ABOUT_CLIENT = [
  "client.created",
  "client.changed",
  "client.restored",
  "client_contact.added",
  "client_contact.removed",
  "client_staff.assigned",
  "client_staff.unassigned",
];

const ABOUT_CONTACT = [
  "member.created",
  "member.changed",
  "member.invited",
  "member.access_set",
  "invitation.accepted",
  "credentials.sent",
  "password_reset.sent",
  "password_reset.undone",
  "password_reset.completed",
  "password.changed",
  "password.set",
  "member_security.changed",
  "account.unlocked",
  "account.frozen",
  "account.unfrozen",
];

export type Activity = { id: string; at: Date; sentence: string; about: string | undefined; by: string };

/** The newest that happened to a client and to those who are its contacts now, in words. */
export async function recentActivity(db: TenantDb, ctx: Context, clientId: string): Promise<Activity[]> {
  const rows = await newestEvents(db, clientId);
  const people = await peopleOf(db, ctx, rows);
  const described = await describeEvents(db, ctx, rows);
  return described.map(({ id, at, sentence, about, by, targetId }, index) => {
    const concerned = targetId === clientId ? people.get(String(rows[index]?.detail.member)) : about?.words;
    return { id, at, sentence, about: concerned, by: by.words };
  });
}

/** The newest of each whom it concerns, by the index of what events are about, and of these the newest. */
function newestEvents(db: TenantDb, clientId: string) {
  const newest = sql`
    select e.id from (
      select ${clientContacts.memberId} as id, ${sql.param(ABOUT_CONTACT)}::text[] as events
        from ${clientContacts} where ${clientContacts.clientId} = ${clientId}
       union all select ${clientId}::uuid, ${sql.param(ABOUT_CLIENT)}::text[]
    ) concerned cross join lateral (
      select a.id, a.created_at from ${auditEvents} a
       where a.target_id = concerned.id and a.event = any(concerned.events)
       order by a.created_at desc, a.id desc limit ${SHOWN}
    ) e order by e.created_at desc, e.id desc limit ${SHOWN}`;
  return db
    .select()
    .from(auditEvents)
    .where(sql`${auditEvents.id} in (${newest})`)
    .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id));
}

/** The names of those who were added, removed or assigned: of contacts only whom the reader sees. */
async function peopleOf(db: TenantDb, ctx: Context, rows: { detail: Record<string, unknown> }[]) {
  const ids = rows.flatMap(({ detail }) => (typeof detail.member === "string" ? [detail.member] : []));
  const found = await db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(and(inArray(members.id, ids), seenOrColleague(ctx)));
  return new Map(found.map(({ id, name }) => [id, name]));
}

function seenOrColleague(ctx: Context): SQL | undefined {
  const narrowed = seenContacts(ctx);
  return narrowed && or(eq(members.kind, "staff"), narrowed);
}
