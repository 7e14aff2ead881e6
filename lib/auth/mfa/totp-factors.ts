import { and, eq, gt, isNotNull, isNull, lt, or } from "drizzle-orm";
import { totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { newestKey, seal, unseal } from "#lib/core/crypto.ts";
import { matchingStep, newTotpSecret } from "./totp.ts";

type Row = typeof totpFactors.$inferSelect;

/** How long an app that was scanned waits for its first code. */
const WAITS = HOUR;

/** Where the sealed secret lies: it opens in no other row (SEC33). */
export function placeOfTotpSecret({ tenantId, id }: Pick<Row, "tenantId" | "id">): string {
  return `${tenantId}/totp_factors.sealed_secret/${id}`;
}

/**
 * Begins with an authenticator app: it counts once a code of it has been typed in the same session (SEC34). In the place of
 * one that was begun before, here or elsewhere, so that nobody confirms a secret that somebody else has seen.
 */
export async function beginTotp(db: TenantDb, ctx: RunContext, begun: Begun): Promise<string> {
  const secret = newTotpSecret();
  const { memberId, sessionId: begunIn } = begun;
  await db
    .delete(totpFactors)
    .where(and(eq(totpFactors.memberId, memberId), isNull(totpFactors.confirmedAt)));
  const id = crypto.randomUUID();
  const sealedSecret = seal("totp-secret", placeOfTotpSecret({ tenantId: ctx.tenant.id, id }), secret);
  const keyId = newestKey("totp-secret").id;
  await db.insert(totpFactors).values({ id, memberId, begunIn, sealedSecret, keyId, createdAt: ctx.now });
  return secret;
}

export type Begun = { memberId: string; sessionId: string };

/** The app that was begun in this session and still waits for its first code. */
async function findBegun(db: TenantDb, now: Date, { memberId, sessionId }: Begun): Promise<Row | undefined> {
  const [row] = await db
    .select()
    .from(totpFactors)
    .where(
      and(
        eq(totpFactors.memberId, memberId),
        eq(totpFactors.begunIn, sessionId),
        isNull(totpFactors.confirmedAt),
        gt(totpFactors.createdAt, after(now, -WAITS)),
      ),
    );
  return row;
}

/** The secret of an app that is not confirmed yet, for the session in which it was begun and no other. */
export async function findBegunSecret(db: TenantDb, now: Date, begun: Begun): Promise<string | undefined> {
  const row = await findBegun(db, now, begun);
  return row && secretOf(row);
}

/**
 * Makes the begun app the member's own one, in the place of an earlier one, when these are six digits of it. The member's
 * row is locked. `nothing_begun`: not in this session, or too long ago.
 */
export async function confirmTotp(
  db: TenantDb,
  now: Date,
  { digits, ...begun }: Begun & { digits: string },
): Promise<"added" | "replaced" | "wrong_code" | "nothing_begun"> {
  const row = await findBegun(db, now, begun);
  if (!row) return "nothing_begun";
  const lastStep = matchingStep(secretOf(row), digits, now);
  if (lastStep === undefined) return "wrong_code";
  const replaced = await removeTotp(db, begun.memberId);
  await db
    .update(totpFactors)
    .set({ confirmedAt: now, begunIn: null, lastStep, lastUsedAt: now })
    .where(eq(totpFactors.id, row.id));
  return replaced ? "replaced" : "added";
}

/** Takes a member's app away. False when there is none. */
export async function removeTotp(db: TenantDb, memberId: string): Promise<boolean> {
  const removed = await db
    .delete(totpFactors)
    .where(isConfirmedOf(memberId))
    .returning({ id: totpFactors.id });
  return removed.length > 0;
}

/** When a member's app was confirmed, and last used; of its secret nothing. */
export async function findTotp(
  db: TenantDb,
  memberId: string,
): Promise<{ confirmedAt: Date | null; lastUsedAt: Date | null } | undefined> {
  const [row] = await db
    .select({ confirmedAt: totpFactors.confirmedAt, lastUsedAt: totpFactors.lastUsedAt })
    .from(totpFactors)
    .where(isConfirmedOf(memberId));
  return row;
}

/**
 * Accepts six digits of a member's app and with them their time step, in one statement: neither they nor any of a step
 * before are accepted again (SEC33, REL5).
 */
export async function consumeTotp(
  db: TenantDb,
  now: Date,
  { memberId, digits }: { memberId: string; digits: string },
): Promise<"accepted" | "used_code" | "wrong_code"> {
  const [row] = await db.select().from(totpFactors).where(isConfirmedOf(memberId));
  const step = row && matchingStep(secretOf(row), digits, now);
  if (!row || step === undefined) return "wrong_code";
  const isNew = or(isNull(totpFactors.lastStep), lt(totpFactors.lastStep, step));
  const accepted = await db
    .update(totpFactors)
    .set({ lastStep: step, lastUsedAt: now })
    .where(and(eq(totpFactors.id, row.id), isNew))
    .returning({ id: totpFactors.id });
  return accepted.length === 1 ? "accepted" : "used_code";
}

function isConfirmedOf(memberId: string) {
  return and(eq(totpFactors.memberId, memberId), isNotNull(totpFactors.confirmedAt));
}

function secretOf(row: Row): string {
  return unseal("totp-secret", placeOfTotpSecret(row), row.sealedSecret);
}
