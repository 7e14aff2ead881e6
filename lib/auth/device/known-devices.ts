import { and, eq, gt, isNotNull, ne, sql } from "drizzle-orm";
import { knownDevices } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";

/** The known device of a member that this token belongs to (X3). Asks for anybody and anything, so that no answer is quicker. */
export async function findDevice(
  db: TenantDb,
  memberId: string,
  token: string | undefined,
): Promise<string | undefined> {
  const [device] = await db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(and(eq(knownDevices.memberId, memberId), eq(knownDevices.tokenHash, sha256(token ?? ""))));
  return device?.id;
}

/** Whether a second factor was proven in this browser so lately that it is not asked for again. */
export async function isTrustedDevice(
  db: TenantDb,
  now: Date,
  deviceId: string | undefined,
): Promise<boolean> {
  const trusted = await db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(and(eq(knownDevices.id, deviceId ?? NO_DEVICE), gt(knownDevices.trustedUntil, now)));
  return trusted.length > 0;
}

const NO_DEVICE = "00000000-0000-0000-0000-000000000000";

/**
 * From here on until then no second factor is asked for in the browser that holds this token. It gets another one, for all who
 * are known in it: somebody else may have kept the one that it had before, and would be taken for it.
 */
export async function trustDevice(
  db: TenantDb,
  { memberId, token }: { memberId: string; token: string },
  until: Date,
): Promise<string> {
  const next = randomToken();
  await db
    .update(knownDevices)
    .set({ tokenHash: sha256(next) })
    .where(eq(knownDevices.tokenHash, sha256(token)));
  await db
    .update(knownDevices)
    .set({ trustedUntil: until })
    .where(and(eq(knownDevices.memberId, memberId), eq(knownDevices.tokenHash, sha256(next))));
  return next;
}

/** From here on it is asked for again in each of a member's browsers. */
export async function distrustDevices(db: TenantDb, memberId: string): Promise<void> {
  await db.update(knownDevices).set({ trustedUntil: null }).where(eq(knownDevices.memberId, memberId));
}

/** A member's browsers; the one that was away longest is forgotten for a new one. */
export const MOST_DEVICES = 20;

/**
 * Remembers the browser in which somebody has just proven who they are. Several people may share one: a token that it
 * holds for any of them stays, and each has a row of their own; any other text is no token (DEC8). Gives the token that
 * the browser is to keep.
 */
export async function rememberDevice(db: TenantDb, ctx: RunContext, memberId: string): Promise<string> {
  const token = tokenToKeep(ctx, await isKnownHere(db, ctx));
  await db.execute(
    sql`select remember_device(${memberId}::uuid, ${sha256(token)}, ${ctx.origin.userAgent}, ${MOST_DEVICES}::integer)`,
  );
  return token;
}

export function tokenToKeep({ origin: { device } }: RunContext, isKnown: boolean): string {
  return device && isKnown ? device : randomToken();
}

/** Whether anybody of the firm is known in this browser. */
export async function isKnownHere(db: TenantDb, { origin: { device } }: RunContext): Promise<boolean> {
  const found = await db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(eq(knownDevices.tokenHash, sha256(device ?? "")))
    .limit(1);
  return found.length > 0;
}

/** After a reset no browser is known any more (DEC8); after an own change, the one in which it was made. */
export async function forgetDevices(db: TenantDb, memberId: string, but?: string): Promise<void> {
  const others = but === undefined ? undefined : ne(knownDevices.tokenHash, sha256(but));
  await db.delete(knownDevices).where(and(eq(knownDevices.memberId, memberId), others));
}

/** Forgets the browsers in which no second factor is asked for; those that are merely known stay. Gives their number. */
export async function forgetTrusted(db: TenantDb, memberId: string): Promise<number> {
  const forgotten = await db
    .delete(knownDevices)
    .where(and(eq(knownDevices.memberId, memberId), isNotNull(knownDevices.trustedUntil)))
    .returning({ id: knownDevices.id });
  return forgotten.length;
}
