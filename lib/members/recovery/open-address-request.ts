import { and, eq, inArray } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { MemberInput } from "#lib/members/input.ts";
import { requireMayHelp } from "./require-may-help.ts";

/**
 * Puts somebody whose address is to be another one into the firm's queue, without waiting to be asked; one who is there
 * already stays there.
 * @throws DomainError not_found, forbidden, conflict
 */
export const openAddressRequest = command({
  event: "recovery.opened",
  permission: "recovery:manage",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const seen = await findSeenMember(db, ctx, memberId);
    const member = seen && (await lockMember(db, memberId));
    if (!member) throw notFound();
    await requireMayHelp(db, ctx, member);
    const open = await findOpen(db, member.id);
    return { memberId: member.id, isNew: !open, requestId: open ?? (await insert(db, ctx, member)) };
  },
  audit: ({ memberId, requestId, isNew }) =>
    isNew ? [{ event: "recovery.opened", targetId: memberId, detail: { request: requestId } }] : [],
});

async function findOpen(db: TenantDb, memberId: string): Promise<string | undefined> {
  const [request] = await db
    .select({ id: recoveryRequests.id })
    .from(recoveryRequests)
    .where(
      and(
        eq(recoveryRequests.memberId, memberId),
        inArray(recoveryRequests.status, ["open", "proposed", "held"]),
      ),
    )
    .limit(1);
  return request?.id;
}

async function insert(db: TenantDb, ctx: RunContext, member: Member): Promise<string> {
  const [request] = await db
    .insert(recoveryRequests)
    .values({
      origin: "no_mailbox",
      typedName: member.username,
      memberId: member.id,
      source: ctx.origin.source,
    })
    .returning({ id: recoveryRequests.id });
  if (!request) throw new Error("The database returned no request.");
  return request.id;
}
