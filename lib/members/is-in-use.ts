import { eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "./find-member.ts";

type Account = Pick<Member, "id" | "connectionId" | "frozenAt" | "lastSignInAt">;

/**
 * Whether an account is somebody's already: it has been signed in to, has a password, also one that was ended or that
 * somebody else has set, or is frozen. Another address is a key to it: its owner gives it one, or two administrators and
 * a day do (B12). Above all after an owner's alarm, which ends the password.
 */
export async function isInUse(db: TenantDb, account: Account): Promise<boolean> {
  const { id, connectionId, frozenAt, lastSignInAt } = account;
  if (connectionId !== null) return false;
  if (frozenAt !== null || lastSignInAt !== null) return true;
  const [credential] = await db
    .select({ memberId: passwordCredentials.memberId })
    .from(passwordCredentials)
    .where(eq(passwordCredentials.memberId, id));
  return credential !== undefined;
}
