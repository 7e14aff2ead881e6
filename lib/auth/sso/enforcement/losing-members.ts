import { and, asc, count, eq, isNull, not, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { breakGlass } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenPeople } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { COUNTED, countUpTo, ONE, upTo } from "#lib/core/count-up-to.ts";
import { behind } from "#lib/members/page-of-members.ts";
import type { SsoEnforcement } from "#lib/policy/sso-enforcement.ts";

/** As many as one page shows. */
const PAGE_SIZE = 50;

type Planned = SsoEnforcement;

/**
 * Who can get in now, and could not from that moment on: those in scope without an identity provider. Not whose account is
 * closed already, nor whoever has a break-glass that is armed beyond it.
 */
export function losesAccess({ scope, enforcedFrom }: Planned): SQL | undefined {
  return and(
    isNull(members.connectionId),
    isNull(members.deletedAt),
    isNull(members.frozenAt),
    eq(members.status, "enabled"),
    scope === "staff" ? eq(members.kind, "staff") : undefined,
    sql`${members.id} not in (
      select ${breakGlass.memberId} from ${breakGlass}
       where ${breakGlass.endedAt} is null and ${breakGlass.passkeyId} is not null
         and ${breakGlass.expiresAt} > ${enforcedFrom.toISOString()}::timestamptz)`,
  );
}

/** To the last one: it is what somebody decides by. */
export async function countLosing(db: TenantDb, planned: Planned): Promise<number> {
  const [row] = await db.select({ people: count() }).from(members).where(losesAccess(planned));
  return row?.people ?? 0;
}

/** Counted up to `COUNTED`: what stands beside the list. In the order of an index that has those in scope together. */
export function countFirstLosing(db: TenantDb, planned: Planned, only?: SQL): Promise<number> {
  const wanted = and(losesAccess(planned), only);
  const order = planned.scope === "staff" ? members.name : members.id;
  const losing = db.select(ONE).from(members).where(wanted).orderBy(asc(order));
  return countUpTo(db, losing.limit(upTo(COUNTED)));
}

export type LosingMember = { id: string; name: string; kind: "staff" | "contact"; hasApiToken: boolean };

/** A page by name of those whom the reader sees, where the next one begins, and how many the reader does not see. */
export async function listLosing(
  db: TenantDb,
  ctx: Context,
  planned: Planned,
  after: string | undefined,
): Promise<{ people: LosingMember[]; next: string | undefined; unseen: number }> {
  const seen = seenPeople(ctx);
  const place = after === undefined ? undefined : behind(after, and(seen, isNull(members.deletedAt)));
  const wanted = and(losesAccess(planned), seen, place);
  const [staff, contacts] = [pageOf(db, "staff", wanted), pageOf(db, "contact", wanted)];
  // By kind, since the index is: everybody by name at once would be everybody sorted.
  const everybody = () =>
    unionAll(staff, contacts)
      .orderBy(sql`name`, sql`id`)
      .limit(PAGE_SIZE + 1);
  const found = await (planned.scope === "staff" ? staff : everybody());
  const people = found.slice(0, PAGE_SIZE);
  return {
    people,
    next: found.length > PAGE_SIZE ? people.at(-1)?.id : undefined,
    unseen: seen ? await countFirstLosing(db, planned, not(seen)) : 0,
  };
}

function pageOf(db: TenantDb, kind: LosingMember["kind"], wanted: SQL | undefined) {
  return db
    .select({
      id: members.id,
      name: members.name,
      kind: members.kind,
      // Written out: among the columns of one table drizzle names none by its table, and `id` would be the token's. Not by
      // "exists", for which PostgreSQL may read all tokens of the firm.
      hasApiToken: sql<boolean>`coalesce((
        select true from ${apiTokens} t where t.member_id = members.id and t.ended_at is null
           and (t.expires_at is null or t.expires_at > portal_now()) limit 1), false)`.as("has_api_token"),
    })
    .from(members)
    .where(and(eq(members.kind, kind), wanted))
    .orderBy(asc(members.name), asc(members.id))
    .limit(PAGE_SIZE + 1);
}

/**
 * The same, locked: a sign-in of theirs that is under way ends first, and the next one sees what was decided meanwhile.
 */
export async function lockLosing(db: TenantDb, planned: Planned): Promise<string[]> {
  const locked = await db
    .select({ id: members.id })
    .from(members)
    .where(losesAccess(planned))
    .orderBy(asc(members.id))
    .for("no key update");
  return locked.map(({ id }) => id);
}
