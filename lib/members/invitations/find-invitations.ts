import { and, isNull, type SQL, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import type { RunContext } from "#lib/core/command.ts";
import { COUNTED, countUpTo } from "#lib/core/count-up-to.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import type { Member } from "#lib/members/find-member.ts";
import { behind, matching, seenOfKind } from "#lib/members/page-of-members.ts";
import { seesAddresses } from "#lib/members/shown-address.ts";
import type { InvitationState } from "./input.ts";

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

type Wanted = { kind: Member["kind"]; q: string };

/** Where a piece begins, and how many people it has at most. */
type Place = { after: string | undefined; size: number };

/**
 * So many of the people of a kind who were invited, from behind somebody on, by name, each with the newest invitation. `next`
 * is where those behind begin.
 */
export async function invitationsAfter(
  db: TenantDb,
  ctx: RunContext,
  wanted: Wanted,
  { after, size }: Place,
): Promise<{ rows: InvitationRow[]; next: string | undefined }> {
  if (wanted.q !== "") await planAnew(db);
  const people = invited(ctx, wanted, { after, limit: size + 1 });
  const found = await db.execute<InvitationRow & { known: boolean }>(judged(ctx, people));
  const looked = found.slice(0, size);
  const next = found.length > size ? looked.at(-1)?.id : undefined;
  return { rows: looked.filter(({ known }) => known), next };
}

/** How many of them there are at most, counted up to `COUNTED`. */
export async function countInvited(db: TenantDb, ctx: RunContext, wanted: Wanted): Promise<number> {
  if (wanted.q !== "") await planAnew(db);
  return countUpTo(db, sql`(${invited(ctx, wanted, { after: undefined, limit: COUNTED })})`);
}

/** Of a few of them the link and the mail have been cleared away since: a mark is no promise. */
function invited(
  ctx: RunContext,
  { kind, q }: Wanted,
  { after, limit }: { after: string | undefined; limit: number },
): SQL {
  const people = matching({
    ...{ kind, typed: q, byAddress: seesAddresses(ctx, kind) },
    seen: kind === "contact" ? seenContacts(ctx) : undefined,
  });
  const place = after === undefined ? undefined : behind(after, seenOfKind(ctx, kind));
  return sql`
    select * from ${members} where ${and(people, members.invited, isNull(members.deletedAt), place)}
     order by ${members.name}, ${members.id} limit ${limit}`;
}

/**
 * With the newest link and the newest mail of each person. What waits to be mailed is newer than any link; a link opens
 * nothing where `mayUse` says no.
 */
function judged(ctx: RunContext, people: SQL): SQL {
  return sql`
    with invited as (
      select p.id, p.kind, p.name, p.username, p.email, p.status, p.frozen_at, p.connection_id, p.email_key,
             link.expires_at, link.opened_at, link.ended_at, link.ended_reason, link.member_id is not null as has_link,
             link.member_id is not null or mail.member_id is not null as known,
             mail.status as mail, coalesce(mail.status = 'queued', false) as waits,
             case when mail.status = 'queued' then mail.to_address else link.sent_to_key end as goes_to,
             case when mail.status = 'queued' then mail.created_at
                  else coalesce(link.created_at, mail.created_at) end as invited_at
        from (${people}) p
        left join lateral (
             select s.* from one_time_secrets s where s.member_id = p.id and s.purpose = 'invitation'
              order by s.created_at desc, s.ended_at desc nulls first limit 1) link on true
        left join lateral (
             select e.* from outbox_emails e where e.member_id = p.id and e.template = 'invitation'
              order by e.created_at desc, e.id desc limit 1) mail on true
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
    )
    select id, kind, name, username, email, mail, invited_at, expires_at, opened_at, ended_at, known,
           case when accepted then null else revoked end as why,
           case when accepted then 'accepted'
                when revoked is not null then 'revoked'
                when waits then 'queued'
                when expires_at <= ${ctx.now.toISOString()}::timestamptz then 'expired'
                when opened_at is not null then 'opened'
                else 'pending' end as state
      from (select *, coalesce(not waits and ended_reason = 'consumed', false) as accepted from judged_why) as seen
     order by name, id`;
}
