import { and, eq } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";

/** Puts a frozen account into its firm's queue, where somebody can look into it. */
export async function openFrozenRequest(db: TenantDb, ctx: RunContext, member: Member): Promise<void> {
  await db.insert(recoveryRequests).values({
    origin: "frozen",
    typedName: member.username,
    memberId: member.id,
    source: ctx.origin.source,
  });
}

/** The account is open again: there is nothing left to look into. A new address that is under way goes on. */
export async function closeFrozenRequests(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await db
    .update(recoveryRequests)
    .set({ status: "done", closedAt: now, closedReason: "unfrozen" })
    .where(
      and(
        eq(recoveryRequests.memberId, memberId),
        eq(recoveryRequests.origin, "frozen"),
        eq(recoveryRequests.status, "open"),
      ),
    );
}
