import { and, desc, eq, gt, inArray, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { keyRing } from "#lib/core/crypto.ts";
import { hashOfTemporary } from "./mint-secret.ts";

export type TemporaryPassword = { id: string; live: boolean };

/** The mailed temporary password of a member that was typed, if it is one: still good, or over. Changes nothing. */
export async function findTemporary(
  db: TenantDb,
  now: Date,
  memberId: string,
  typed: string,
): Promise<TemporaryPassword | undefined> {
  const hashes = keyRing("temporary-password").map((key) => hashOfTemporary(key, memberId, typed));
  const [row] = await db
    .select({
      id: oneTimeSecrets.id,
      expiresAt: oneTimeSecrets.expiresAt,
      endedAt: oneTimeSecrets.endedAt,
    })
    .from(oneTimeSecrets)
    .where(
      and(
        eq(oneTimeSecrets.memberId, memberId),
        eq(oneTimeSecrets.purpose, "temporary_password"),
        inArray(oneTimeSecrets.tokenHash, hashes),
      ),
    )
    .orderBy(desc(oneTimeSecrets.createdAt))
    .limit(1);
  return row && { id: row.id, live: row.endedAt === null && now < row.expiresAt };
}

/** Uses a temporary password up, in one statement: of any number of parallel sign-ins one wins (REL5). */
export async function consumeTemporary(db: TenantDb, now: Date, id: string): Promise<boolean> {
  const consumed = await db
    .update(oneTimeSecrets)
    .set({ endedAt: now, endedReason: "consumed" })
    .where(and(eq(oneTimeSecrets.id, id), isNull(oneTimeSecrets.endedAt), gt(oneTimeSecrets.expiresAt, now)))
    .returning({ id: oneTimeSecrets.id });
  return consumed.length === 1;
}
