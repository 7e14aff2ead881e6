import { and, eq, isNull, notInArray } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { keyedHash, newestKey, randomCode, randomReadable, randomToken, sha256 } from "#lib/core/crypto.ts";

export type Purpose = (typeof oneTimeSecrets.$inferSelect)["purpose"];

type Rules = {
  lifetime: number;
  /** 0 for a link that is right by itself. */
  codeDigits: number;
  attempts: number;
  /** Whether it opens the account, so that a newer one ends it. */
  replaces: boolean;
};

/** How long a mailed secret lives and how many wrong tries it survives (S1, 001-05, DEC9). */
export const SECRET_RULES: Record<Purpose, Rules> = {
  password_reset: { lifetime: 15 * MINUTE, codeDigits: 6, attempts: 5, replaces: true },
  invitation: { lifetime: 7 * DAY, codeDigits: 0, attempts: 5, replaces: true },
  temporary_password: { lifetime: 48 * HOUR, codeDigits: 0, attempts: 1, replaces: true },
  // Each notice keeps its own way out: whoever took an account over must not end it by causing another one.
  freeze: { lifetime: 30 * DAY, codeDigits: 4, attempts: 5, replaces: false },
  address_hold: { lifetime: 24 * HOUR, codeDigits: 4, attempts: 5, replaces: false },
  email_change: { lifetime: 24 * HOUR, codeDigits: 4, attempts: 5, replaces: false },
  email_undo: { lifetime: 7 * DAY, codeDigits: 4, attempts: 5, replaces: false },
  firm_link: { lifetime: 24 * HOUR, codeDigits: 4, attempts: 5, replaces: false },
  factor_reset: { lifetime: 15 * MINUTE, codeDigits: 6, attempts: 5, replaces: false },
  factor_hold: { lifetime: 24 * HOUR, codeDigits: 4, attempts: 5, replaces: false },
};

export type MintedSecret = { token: string; code: string | undefined };

export type NewSecret = {
  memberId: string;
  purpose: Purpose;
  sentToKey: string;
  subjectId?: string | null;
  /** Without the code that is usual for its purpose, as a firm may choose for resets. */
  bare?: boolean;
};

/**
 * Makes the secret of one mail and ends those before it that open the same account: only the newest mail works (D2).
 * Called at the first attempt to send, so that its clock starts when the mail leaves (S5).
 */
export async function mintSecret(db: TenantDb, now: Date, wanted: NewSecret): Promise<MintedSecret> {
  const { memberId, purpose, sentToKey, subjectId, bare } = wanted;
  const { lifetime, codeDigits, attempts, replaces } = SECRET_RULES[purpose];
  if (replaces) await endSecrets(db, now, { memberId, reason: "superseded" });

  const isTyped = purpose === "temporary_password";
  const token = isTyped ? randomReadable() : randomToken();
  const code = codeDigits > 0 && !bare ? randomCode(codeDigits) : undefined;
  const key = newestKey(isTyped ? "temporary-password" : "one-time-code");
  await db.insert(oneTimeSecrets).values({
    memberId,
    subjectId,
    purpose,
    sentToKey,
    tokenHash: isTyped ? hashOfTemporary(key, memberId, token) : sha256(token),
    codeHash: code ? hashOfCode(key, token, code) : null,
    codeKeyId: code || isTyped ? key.id : null,
    attemptsLeft: attempts,
    expiresAt: after(now, lifetime),
  });
  return { token, code };
}

type Key = Parameters<typeof keyedHash>[0];

/** The code is bound to its own link, so that the code of one request says nothing about another (B4). */
export function hashOfCode(key: Key, token: string, code: string): Buffer {
  return keyedHash(key, token, code);
}

/** Keyed, since 80 bits are few for a plain hash, and bound to its owner. Case and grouping are the mail's, not the typist's. */
export function hashOfTemporary(key: Key, memberId: string, typed: string): Buffer {
  return keyedHash(key, memberId, typed.toUpperCase().replace(/[\s-]/g, ""));
}

type Ending = { memberId: string; purpose?: Purpose; reason: "superseded" | "revoked" };

/** What stays open whatever comes: the ways in which somebody else's change can be stopped. */
const SURVIVES: Purpose[] = ["freeze", "address_hold", "email_undo", "factor_hold"];

/** Ends a member's open secrets: of one purpose, or all that open the account. */
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
        purpose ? eq(oneTimeSecrets.purpose, purpose) : notInArray(oneTimeSecrets.purpose, SURVIVES),
      ),
    );
}
