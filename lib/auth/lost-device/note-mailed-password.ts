import { eq } from "drizzle-orm";
import { passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";

/**
 * Notes that a password was just chosen by a mailed link while there were second factors: until one of them is proven it
 * says no more than the mailbox does, and the mailbox alone must not take them away (F3).
 */
export async function noteMailedPassword(db: TenantDb, memberId: string): Promise<void> {
  const { enrolled } = await readFactorsOf(db, memberId);
  if (enrolled.length === 0) return;
  await db
    .update(passwordCredentials)
    .set({ byMail: true })
    .where(eq(passwordCredentials.memberId, memberId));
}
