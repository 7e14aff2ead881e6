import { and, count, eq, isNull } from "drizzle-orm";
import { recoveryCodes } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { newestKey, randomReadable, sameBytes, seal, sha256, unseal } from "#lib/core/crypto.ts";

type Row = typeof recoveryCodes.$inferSelect;

/** How many somebody gets at once. */
export const RECOVERY_CODES = 10;

/** Where a sealed hash lies: it opens in no other row. */
export function placeOfRecoveryCode({ tenantId, id }: Pick<Row, "tenantId" | "id">): string {
  return `${tenantId}/recovery_codes.sealed_hash/${id}`;
}

/** Gives a member a new set of recovery codes and ends the one before (SEC35). They are in this answer, and nowhere else. */
export async function makeRecoveryCodes(db: TenantDb, ctx: RunContext, memberId: string): Promise<string[]> {
  await endRecoveryCodes(db, memberId);
  const codes = Array.from({ length: RECOVERY_CODES }, randomReadable);
  const keyId = newestKey("recovery-code").id;
  const rows = codes.map((code) => {
    const id = crypto.randomUUID();
    const place = placeOfRecoveryCode({ tenantId: ctx.tenant.id, id });
    return {
      id,
      memberId,
      keyId,
      sealedHash: seal("recovery-code", place, hashOf(code).toString("base64url")),
    };
  });
  await db.insert(recoveryCodes).values(rows);
  return codes;
}

export async function endRecoveryCodes(db: TenantDb, memberId: string): Promise<void> {
  await db.delete(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
}

export async function countRecoveryCodes(db: TenantDb, memberId: string): Promise<number> {
  const [row] = await db.select({ left: count() }).from(recoveryCodes).where(isUnusedOf(memberId));
  return row?.left ?? 0;
}

/** Uses a recovery code up, in one statement: of any number of parallel tries one wins (REL5). */
export async function consumeRecoveryCode(
  db: TenantDb,
  now: Date,
  { memberId, typed }: { memberId: string; typed: string },
): Promise<"accepted" | "used_code" | "wrong_code"> {
  const rows = await db.select().from(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
  const hash = hashOf(typed);
  const row = rows.find((candidate) => sameBytes(hashIn(candidate), hash));
  if (!row) return "wrong_code";
  const consumed = await db
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(and(eq(recoveryCodes.id, row.id), isNull(recoveryCodes.usedAt)))
    .returning({ id: recoveryCodes.id });
  return consumed.length === 1 ? "accepted" : "used_code";
}

function isUnusedOf(memberId: string) {
  return and(eq(recoveryCodes.memberId, memberId), isNull(recoveryCodes.usedAt));
}

function hashOf(code: string): Buffer {
  return sha256(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ""));
}

function hashIn(row: Row): Buffer {
  return Buffer.from(unseal("recovery-code", placeOfRecoveryCode(row), row.sealedHash), "base64url");
}
