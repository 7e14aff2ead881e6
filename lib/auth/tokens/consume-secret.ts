import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import { keyById, sha256 } from "#lib/core/crypto.ts";
import { hashOfCode, type Purpose } from "./mint-secret.ts";

export type Consumption =
  | { outcome: "consumed"; secretId: string; memberId: string; subjectId: string | null; sentToKey: string }
  | { outcome: "wrong_code"; secretId: string; memberId: string; attemptsLeft: number }
  | { outcome: "dead" };

type Attempt = { purpose: Purpose; token: string; code?: { keyId: string; typed: string } };

/**
 * Consumes a secret, or counts a wrong code, in one statement: of any number of parallel tries one wins, and no
 * more wrong ones are judged than the budget holds (REL5, REL6).
 */
export async function consumeSecret(db: TenantDb, now: Date, attempt: Attempt): Promise<Consumption> {
  const right = rightness(attempt);
  const [row] = await db
    .update(oneTimeSecrets)
    .set({
      ...counted(right),
      endedAt: sql`case when ${right} or ${oneTimeSecrets.attemptsLeft} = 1 then ${now.toISOString()}::timestamptz end`,
      endedReason: sql`case when ${right} then 'consumed' when ${oneTimeSecrets.attemptsLeft} = 1 then 'exhausted' end`,
    })
    .where(isLive(now, attempt))
    .returning();
  if (!row) return { outcome: "dead" };
  const { id: secretId, memberId, subjectId, sentToKey, attemptsLeft } = row;
  if (row.endedReason === "consumed") {
    return { outcome: "consumed", secretId, memberId, subjectId, sentToKey };
  }
  return { outcome: "wrong_code", secretId, memberId, attemptsLeft };
}

/**
 * Judges a code without consuming the secret. A wrong one is counted as `consumeSecret` counts it; a right one leaves
 * everything as it is, so that what follows may still say no.
 */
export async function judgeCode(
  db: TenantDb,
  now: Date,
  attempt: Attempt,
): Promise<{ outcome: "right" } | Exclude<Consumption, { outcome: "consumed" }>> {
  const right = rightness(attempt);
  const [row] = await db
    .update(oneTimeSecrets)
    .set({
      ...counted(right),
      endedAt: sql`case when not ${right} and ${oneTimeSecrets.attemptsLeft} = 1 then ${now.toISOString()}::timestamptz end`,
      endedReason: sql`case when not ${right} and ${oneTimeSecrets.attemptsLeft} = 1 then 'exhausted' end`,
    })
    .where(isLive(now, attempt))
    .returning({
      id: oneTimeSecrets.id,
      memberId: oneTimeSecrets.memberId,
      attemptsLeft: oneTimeSecrets.attemptsLeft,
      right: sql<boolean>`${right}`,
    });
  if (!row) return { outcome: "dead" };
  if (row.right) return { outcome: "right" };
  return { outcome: "wrong_code", secretId: row.id, memberId: row.memberId, attemptsLeft: row.attemptsLeft };
}

function counted(right: SQL) {
  return {
    attemptsLeft: sql`case when ${right} then ${oneTimeSecrets.attemptsLeft} else ${oneTimeSecrets.attemptsLeft} - 1 end`,
  };
}

function isLive(now: Date, { token, purpose }: Attempt) {
  return and(
    eq(oneTimeSecrets.tokenHash, sha256(token)),
    eq(oneTimeSecrets.purpose, purpose),
    isNull(oneTimeSecrets.endedAt),
    gt(oneTimeSecrets.expiresAt, now),
    gt(oneTimeSecrets.attemptsLeft, 0),
  );
}

/** The condition under which a try is right: a link without a code is right by its token alone. */
function rightness({ token, code }: Attempt): SQL {
  if (!code) return sql`${oneTimeSecrets.codeHash} is null`;
  const key = keyById("one-time-code", code.keyId);
  if (!key) return sql`false`;
  return sql`coalesce(${oneTimeSecrets.codeHash} = ${hashOfCode(key, token, code.typed)}, false)`;
}
