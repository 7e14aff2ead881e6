import { and, eq, isNull } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import { keyedHash, newestKey, randomCode, randomToken, sha256 } from "#lib/core/crypto.ts";

export type Purpose = (typeof oneTimeSecrets.$inferSelect)["purpose"];

type Rules = { lifetime: number; withCode: boolean; attempts: number };

/** How long a mailed secret lives and how many wrong tries it survives (S1). */
export const SECRET_RULES: Record<Purpose, Rules> = {
  password_reset: { lifetime: 15 * MINUTE, withCode: true, attempts: 5 },
  invitation: { lifetime: 7 * DAY, withCode: false, attempts: 5 },
};

export type MintedSecret = { token: string; code: string | undefined };

/**
 * Makes the secret of one mail and ends those of the same purpose before it. Called at the first attempt to send,
 * so that the clock of the link starts when the mail leaves (S5).
 */
export async function mintSecret(
  db: TenantDb,
  now: Date,
  { memberId, purpose, sentToKey }: { memberId: string; purpose: Purpose; sentToKey: string },
): Promise<MintedSecret> {
  const { lifetime, withCode, attempts } = SECRET_RULES[purpose];
  await endSecrets(db, now, { memberId, purpose, reason: "superseded" });

  const token = randomToken();
  const code = withCode ? randomCode() : undefined;
  const key = newestKey("one-time-code");
  await db.insert(oneTimeSecrets).values({
    memberId,
    purpose,
    sentToKey,
    tokenHash: sha256(token),
    codeHash: code ? hashOfCode(key, token, code) : null,
    codeKeyId: code ? key.id : null,
    attemptsLeft: attempts,
    expiresAt: after(now, lifetime),
  });
  return { token, code };
}

/** The code is bound to its own link, so that the code of one request says nothing about another (B4). */
export function hashOfCode(key: Parameters<typeof keyedHash>[0], token: string, code: string): Buffer {
  return keyedHash(key, token, code);
}

type Ending = { memberId: string; purpose?: Purpose; reason: "superseded" | "revoked" };

/** Ends a member's open secrets, of one purpose or of all. */
export async function endSecrets(
  db: TenantDb,
  now: Date,
  { memberId, purpose, reason }: Ending,
): Promise<void> {
  await db
    .update(oneTimeSecrets)
    .set({ endedAt: now, endedReason: reason })
    .where(
      and(
        eq(oneTimeSecrets.memberId, memberId),
        isNull(oneTimeSecrets.endedAt),
        purpose && eq(oneTimeSecrets.purpose, purpose),
      ),
    );
}
