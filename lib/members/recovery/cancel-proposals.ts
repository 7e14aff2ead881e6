import { and, eq, inArray } from "drizzle-orm";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endHold } from "./end-hold.ts";

/** Stops every new address that is on its way to a member, whose row is locked. Gives the ids of the requests. */
export async function cancelProposals(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason:
    | "frozen"
    | "member_disabled"
    | "member_deleted"
    | "member_erased"
    | "member_federated"
    | "member_unlinked",
): Promise<string[]> {
  const cancelled = await db
    .update(recoveryRequests)
    .set({ status: "cancelled", closedAt: now, closedReason: reason })
    .where(isUnderWay(memberId))
    .returning({ id: recoveryRequests.id });
  await endHold(db, now, memberId);
  return cancelled.map(({ id }) => id);
}

/** A member's requests with a new address that somebody has proposed and that is not there yet. */
export function isUnderWay(memberId: string) {
  return and(eq(recoveryRequests.memberId, memberId), inArray(recoveryRequests.status, ["proposed", "held"]));
}
