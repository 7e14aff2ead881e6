import { and, count, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isInReach } from "#lib/access/seen.ts";
import { findSuspectFactors } from "#lib/auth/freeze/suspect-factors.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { findRequest, type RecoveryRequest } from "./lock-request.ts";
import { shownPerson } from "./shown-person.ts";

/** One request with the people around it, and whether the caller has anybody to decide with. Throws not_found. */
export const getRequest = query({
  event: "recovery.read",
  permission: "recovery:manage",
  async run({ db, ctx }, requestId: string) {
    const request = isId(requestId) ? await findRequest(db, requestId) : undefined;
    if (!request) throw notFound();
    const member = await personOf(db, ctx, request);
    const suspect = member?.frozenAt ? await findSuspectFactors(db, member) : undefined;
    const names = await namesOf(db, [request.proposedBy, request.decidedBy]);
    const caller = ctx.actor?.memberId ?? "";
    return {
      request,
      member: member && {
        ...shownPerson(ctx, member),
        id: member.id,
        kind: member.kind,
        name: member.name,
        frozenAt: member.frozenAt,
      },
      /** Second factors that go when a frozen account is opened. */
      suspect,
      proposerName: names.get(request.proposedBy ?? ""),
      deciderName: names.get(request.decidedBy ?? ""),
      isProposer: request.proposedBy !== null && request.proposedBy === caller,
      isOwn: member?.id === caller,
      /** Others who could approve what the caller proposes. */
      others: await countOthers(db, [caller, member?.id ?? caller]),
    };
  },
});

/** Throws not_found where it is a contact of clients that the caller is not assigned to (E7). */
async function personOf(db: TenantDb, ctx: Context, { memberId }: RecoveryRequest) {
  const member = memberId ? await findMemberById(db, memberId) : undefined;
  if (member && !(await isInReach(db, ctx, member))) throw notFound();
  return member;
}

async function namesOf(db: TenantDb, ids: (string | null)[]): Promise<Map<string, string>> {
  const wanted = ids.filter((id) => id !== null);
  const rows = await db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(inArray(members.id, wanted));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function countOthers(db: TenantDb, besides: string[]): Promise<number> {
  const [row] = await db
    .select({ number: count() })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(
      and(
        eq(members.kind, "staff"),
        eq(members.status, "enabled"),
        isNull(members.frozenAt),
        sql`'recovery:manage' = any(${securityGroups.permissions})`,
        ...besides.map((id) => ne(members.id, id)),
      ),
    );
  return row?.number ?? 0;
}
