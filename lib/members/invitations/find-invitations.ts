import { and, type SQL, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { matching } from "#lib/members/page-of-members.ts";
import { seesAddresses } from "#lib/members/shown-address.ts";
import { INVITATION_STATES, type InvitationFilters, type InvitationState } from "./input.ts";

export type InvitationRow = {
  id: string;
  kind: Member["kind"];
  name: string;
  username: string;
  email: string | null;
  state: InvitationState;
  /** What the mail is, where it has no link of its own yet or could not be delivered. */
  mail: "queued" | "sent" | "failed" | "suppressed" | null;
  why: RevokedBecause | null;
  invited_at: string;
  expires_at: string | null;
  opened_at: string | null;
  ended_at: string | null;
};

/** Why an invitation opens nothing any more, apart from its time. */
export type RevokedBecause =
  | "disabled"
  | "frozen"
  | "federated"
  | "address"
  | "superseded"
  | "not_sent"
  | "taken_back";

type Wanted = { kind: Member["kind"]; filters: InvitationFilters; size: number };

/** One page of the people of a kind who were invited, by name, each with the newest invitation, and one more. */
export function findInvitations(db: TenantDb, ctx: RunContext, wanted: Wanted): Promise<InvitationRow[]> {
  const { state, after } = wanted.filters;
  const chosen = state === undefined ? sql`true` : sql`state = ${state}`;
  const behind =
    after === undefined
      ? sql`true`
      : sql`(name, id) > (select p.name, p.id from members p where p.id = ${after})`;
  return rowsOf<InvitationRow>(
    db,
    sql`${invitations(ctx, wanted)} select * from judged where ${chosen} and ${behind}
        order by name, id limit ${wanted.size + 1}`,
  );
}

/** How many there are in each state, whichever of them is chosen. */
export async function countInvitations(
  db: TenantDb,
  ctx: RunContext,
  wanted: Wanted,
): Promise<Record<InvitationState, number>> {
  const rows = await rowsOf<{ state: InvitationState; people: number }>(
    db,
    sql`${invitations(ctx, wanted)} select state, count(*)::integer as people from judged group by state`,
  );
  const counted = new Map(rows.map(({ state, people }) => [state, people]));
  const counts = INVITATION_STATES.map((state) => [state, counted.get(state) ?? 0]);
  return Object.fromEntries(counts) as Record<InvitationState, number>;
}

async function rowsOf<Row>(db: TenantDb, wanted: SQL): Promise<Row[]> {
  return [...(await db.execute(wanted))] as Row[];
}

/**
 * The newest link and the newest mail of each person. What waits to be mailed is newer than any link; a link opens
 * nothing where `mayUse` says no.
 */
function invitations(ctx: RunContext, { kind, filters: { q } }: Wanted): SQL {
  const people = and(
    matching({
      ...{ kind, typed: q, byAddress: seesAddresses(ctx, kind) },
      seen: kind === "contact" ? seenContacts(ctx) : undefined,
    }),
    sql`${members.deletedAt} is null`,
  );
  return sql`
    with link as (
      select distinct on (member_id) member_id, created_at, expires_at, opened_at, ended_at, ended_reason, sent_to_key
        from one_time_secrets where purpose = 'invitation'
       order by member_id, created_at desc, ended_at desc nulls first
    ), mail as (
      select distinct on (member_id) member_id, created_at, status, to_address
        from outbox_emails where template = 'invitation' and member_id is not null
       order by member_id, created_at desc, id desc
    ), invited as (
      select ${members.id}, ${members.kind}, ${members.name}, ${members.username}, ${members.email},
             ${members.status}, ${members.frozenAt}, ${members.connectionId}, ${members.emailKey},
             link.expires_at, link.opened_at, link.ended_at, link.ended_reason, link.member_id is not null as has_link,
             mail.status as mail, coalesce(mail.status = 'queued', false) as waits,
             case when mail.status = 'queued' then mail.to_address else link.sent_to_key end as goes_to,
             case when mail.status = 'queued' then mail.created_at
                  else coalesce(link.created_at, mail.created_at) end as invited_at
        from ${members} left join link on link.member_id = ${members.id}
                        left join mail on mail.member_id = ${members.id}
       where (link.member_id is not null or mail.member_id is not null) and ${people}
    ), judged_why as (
      select *, case when status = 'disabled' then 'disabled'
                     when frozen_at is not null then 'frozen'
                     when connection_id is not null then 'federated'
                     when (waits or has_link) and goes_to is distinct from email_key then 'address'
                     when waits then null
                     when not has_link then 'not_sent'
                     when ended_reason = 'superseded' then 'superseded'
                     when ended_reason is not null then 'taken_back' end as revoked
        from invited
    ), judged as (
      select id, kind, name, username, email, mail, invited_at, expires_at, opened_at, ended_at,
             case when accepted then null else revoked end as why,
             case when accepted then 'accepted'
                  when revoked is not null then 'revoked'
                  when waits then 'queued'
                  when expires_at <= ${ctx.now.toISOString()}::timestamptz then 'expired'
                  when opened_at is not null then 'opened'
                  else 'pending' end as state
        from (select *, coalesce(not waits and ended_reason = 'consumed', false) as accepted from judged_why) as seen
    )`;
}
