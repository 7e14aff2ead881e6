import { desc, eq, sql } from "drizzle-orm";
import { members, passwordCredentials, passwordHistory } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

export async function findHash(db: TenantDb, memberId: string): Promise<string | undefined> {
  return (await findCredential(db, memberId))?.hash;
}

export type StoredCredential = {
  hash: string;
  changedAt: Date | null;
  temporaryUntil: Date | undefined;
  acceptedUnder: PasswordRules | undefined;
};

export async function findCredential(db: TenantDb, memberId: string): Promise<StoredCredential | undefined> {
  const [row] = await db.select().from(passwordCredentials).where(eq(passwordCredentials.memberId, memberId));
  return row && credentialOf(row);
}

export function credentialOf({
  hash,
  changedAt,
  temporaryUntil,
  acceptedUnder,
}: typeof passwordCredentials.$inferSelect): StoredCredential {
  return {
    hash,
    changedAt,
    temporaryUntil: temporaryUntil ?? undefined,
    // Written by us from rules that were judged, and by nobody else.
    acceptedUnder: (acceptedUnder as PasswordRules | null) ?? undefined,
  };
}

type NewPassword = {
  memberId: string;
  hash: string;
  acceptedUnder?: PasswordRules;
  /** Until when it is good, where somebody else than its owner has set it: its owner has to change it then. */
  temporaryUntil?: Date;
};

/** Gives a member a new password. One of the owner's own ends the duty to change it; the one before becomes history. */
export async function storePassword(db: TenantDb, now: Date, password: NewPassword): Promise<void> {
  const { memberId, hash, acceptedUnder, temporaryUntil } = password;
  await keepHistory(db, memberId);
  const values = {
    hash,
    changedAt: now,
    temporaryUntil: temporaryUntil ?? null,
    acceptedUnder: acceptedUnder ?? null,
    warnedDays: null,
    byMail: false,
  };
  await db
    .insert(passwordCredentials)
    .values({ memberId, ...values })
    .onConflictDoUpdate({
      target: [passwordCredentials.tenantId, passwordCredentials.memberId],
      set: values,
    });
  await db
    .update(members)
    .set({ mustChangePassword: temporaryUntil !== undefined })
    .where(eq(members.id, memberId));
}

/** Keeps as many hashes of earlier passwords as the firm asks for, and no more. */
async function keepHistory(db: TenantDb, memberId: string): Promise<void> {
  const { historyDepth } = (await readSecurityOptions(db)).options;
  if (historyDepth > 0) {
    const hash = await findHash(db, memberId);
    if (hash) await db.insert(passwordHistory).values({ memberId, hash });
  }
  const kept = db
    .select({ id: passwordHistory.id })
    .from(passwordHistory)
    .where(eq(passwordHistory.memberId, memberId))
    .orderBy(desc(passwordHistory.createdAt), desc(passwordHistory.id))
    .limit(historyDepth);
  await db
    .delete(passwordHistory)
    .where(sql`${passwordHistory.memberId} = ${memberId} and ${passwordHistory.id} not in ${kept}`);
}
