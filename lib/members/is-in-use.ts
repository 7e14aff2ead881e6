import { and, eq, isNull } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "./find-member.ts";

/**
 * Whether somebody signs in here by a password of their own. Another address is a key to such an account: its owner
 * gives it one, or two administrators and a day do (B12).
 */
export async function isInUse(
  db: TenantDb,
  { id, connectionId }: Pick<Member, "id" | "connectionId">,
): Promise<boolean> {
  if (connectionId !== null) return false;
  const [own] = await db
    .select({ memberId: passwordCredentials.memberId })
    .from(passwordCredentials)
    .where(and(eq(passwordCredentials.memberId, id), isNull(passwordCredentials.temporaryUntil)));
  return own !== undefined;
}
