import { eq } from "drizzle-orm";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";

export async function findHash(db: TenantDb, memberId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ hash: passwordCredentials.hash })
    .from(passwordCredentials)
    .where(eq(passwordCredentials.memberId, memberId));
  return row?.hash;
}

/** Gives a member a new password that nobody else knows; whoever had to change it has done so. */
export async function storePassword(db: TenantDb, now: Date, memberId: string, hash: string): Promise<void> {
  await db
    .insert(passwordCredentials)
    .values({ memberId, hash, changedAt: now })
    .onConflictDoUpdate({
      target: [passwordCredentials.tenantId, passwordCredentials.memberId],
      set: { hash, changedAt: now },
    });
  await db.update(members).set({ mustChangePassword: false }).where(eq(members.id, memberId));
}

/** The same password under newer parameters; the date of its last change stays. */
export async function replaceHash(db: TenantDb, memberId: string, hash: string): Promise<void> {
  await db.update(passwordCredentials).set({ hash }).where(eq(passwordCredentials.memberId, memberId));
}
