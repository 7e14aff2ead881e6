import { and, eq, isNull, ne } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import type { TenantDb } from "#db/tenant.ts";

export type ApiTokenEnd =
  | "revoked"
  | "replaced"
  | "password_changed"
  | "address_changed"
  | "factors_changed"
  | "member_disabled"
  | "member_deleted"
  | "member_erased"
  | "member_federated"
  | "member_unlinked"
  | "connection_retired"
  | "connection_compromised"
  | "group_lost"
  | "frozen";

/**
 * Ends all API tokens of a member but one; each is refused from its next request on, and none comes back. Gives their
 * number.
 */
export async function endApiTokens(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason: ApiTokenEnd,
  but?: string,
): Promise<number> {
  const others = but === undefined ? undefined : ne(apiTokens.id, but);
  const ended = await db
    .update(apiTokens)
    .set({ endedAt: now, endedReason: reason })
    .where(and(eq(apiTokens.memberId, memberId), isNull(apiTokens.endedAt), others))
    .returning({ id: apiTokens.id });
  return ended.length;
}
