import { and, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import { seenContacts } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { query } from "#lib/core/query.ts";

/** As many as one page shows. */
const PAGE_SIZE = 100;

/** From an address bar: what makes no sense there is no wish. */
const PageWish = z.object({ after: z.uuid().optional().catch(undefined) }).catch({ after: undefined });

/**
 * The firm's queue of people who cannot get in by themselves, a page at a time. What is still to be done stands first,
 * and of that the frozen accounts, then those whose account is known: made-up names must not bury them.
 */
export const listRequests = query({
  event: "recovery.listed",
  permission: "recovery:manage",
  async run({ db, ctx }, wish: unknown) {
    const { after } = PageWish.parse(wish);
    const found = await db
      .select({
        id: recoveryRequests.id,
        origin: recoveryRequests.origin,
        status: recoveryRequests.status,
        typedName: recoveryRequests.typedName,
        memberName: members.name,
        heldUntil: recoveryRequests.heldUntil,
        createdAt: recoveryRequests.createdAt,
      })
      .from(recoveryRequests)
      .leftJoin(members, eq(members.id, recoveryRequests.memberId))
      .where(and(inReach(ctx), after === undefined ? undefined : behind(ctx, after)))
      .orderBy(URGENCY, desc(recoveryRequests.createdAt), desc(recoveryRequests.id))
      .limit(PAGE_SIZE + 1);
    const requests = found.slice(0, PAGE_SIZE);
    return { after, requests, next: found.length > PAGE_SIZE ? requests.at(-1)?.id : undefined };
  },
});

/** Of nobody known, of staff, or of a contact whom the reader sees (E7). A deleted account asks for nothing. */
function inReach(ctx: Context): SQL | undefined {
  const narrowed = seenContacts(ctx);
  const seen = narrowed && or(eq(members.kind, "staff"), narrowed);
  return or(isNull(recoveryRequests.memberId), and(isNull(members.deletedAt), seen));
}

const URGENCY = sql`case
  when ${recoveryRequests.status} not in ('open', 'proposed', 'held') then 3
  when ${recoveryRequests.origin} = 'frozen' then 0
  when ${recoveryRequests.memberId} is not null then 1
  else 2 end`;

/** Everything after one of the requests that the reader sees. When that one is gone there is nothing. */
function behind(ctx: Context, id: string): SQL | undefined {
  const { createdAt } = recoveryRequests;
  const last = (what: SQL) => sql`(
    select ${what} from ${recoveryRequests} left join ${members} on ${members.id} = ${recoveryRequests.memberId}
     where ${and(eq(recoveryRequests.id, id), inReach(ctx))})`;
  return sql`(${URGENCY} > ${last(URGENCY)} or (${URGENCY} = ${last(URGENCY)}
    and (${createdAt}, ${recoveryRequests.id}) < (${last(sql`${createdAt}`)}, ${id}::uuid)))`;
}
