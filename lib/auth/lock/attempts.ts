import { and, eq, gt, inArray, sql } from "drizzle-orm";
import { signInFailures } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findDevice } from "#lib/auth/device/known-devices.ts";
import type { Context } from "#lib/core/context.ts";
import { sourceOf } from "#lib/core/rate-limit.ts";
import { EVERYWHERE, isLockedOut } from "#lib/policy/lock.ts";
import { LOCK_ACCOUNT_AFTER } from "#lib/policy/security-options.ts";

export type Place = { name: string; known: boolean };

export type Attempt = Place & { memberId: string; allowed: boolean };

/** Where a request comes from, as far as the lock is concerned: a browser of this member, or any source. */
export async function placeOf(db: TenantDb, ctx: Context, memberId: string): Promise<Place> {
  const device = await findDevice(db, memberId, ctx.origin.device);
  if (device) return { name: `device:${device}`, known: true };
  return { name: `source:${sourceOf(ctx.origin)}`, known: false };
}

/** The place as the audit log keeps it: which of the owner's browsers it is, the source stands in the event itself. */
export function placeDetail({ name, known }: Place): { place: string; device?: string } {
  return known
    ? { place: "known_device", device: name.slice(name.indexOf(":") + 1) }
    : { place: "unknown_place" };
}

/**
 * Takes one try of a member's password before it is judged (REL6). Counted by known device, or else by source and for
 * the whole account: a stranger can lock out strangers, never the browser in which its owner signs in (X3, C8).
 */
export async function takeAttempt(
  db: TenantDb,
  memberId: string,
  place: Place,
  lockAfter: number,
): Promise<Attempt> {
  const cap = place.known ? null : LOCK_ACCOUNT_AFTER;
  const [row] = await db.execute<{ allowed: boolean }>(
    sql`select take_sign_in_attempt(${memberId}::uuid, ${place.name}, ${lockAfter}::integer, ${cap}::integer) as allowed`,
  );
  return { ...place, memberId, allowed: row?.allowed === true };
}

/** Gives a try back that was taken and never judged: our own trouble locks nobody out (REL7), and opens nothing. */
export async function giveBackAttempt(db: TenantDb, attempt: Attempt): Promise<void> {
  if (!attempt.allowed) return;
  const { memberId, name, known } = attempt;
  const places = known ? [name] : [name, EVERYWHERE];
  const taken = and(eq(signInFailures.memberId, memberId), inArray(signInFailures.place, places));
  await lockCounts(db, memberId);
  await db.delete(signInFailures).where(and(taken, eq(signInFailures.failures, 1)));
  await db
    .update(signInFailures)
    .set({ failures: sql`${signInFailures.failures} - 1` })
    .where(and(taken, gt(signInFailures.failures, 1)));
}

/** A success, a reset or an administrator clears the count of an account, everywhere (DEC6). */
export async function clearAttempts(db: TenantDb, memberId: string): Promise<boolean> {
  await lockCounts(db, memberId);
  const cleared = await db
    .delete(signInFailures)
    .where(eq(signInFailures.memberId, memberId))
    .returning({ place: signInFailures.place });
  return cleared.length > 0;
}

/** The row of all places first, as a try takes them: two that change the counts wait for each other in turn. */
async function lockCounts(db: TenantDb, memberId: string): Promise<void> {
  await db
    .select({ place: signInFailures.place })
    .from(signInFailures)
    .where(eq(signInFailures.memberId, memberId))
    .orderBy(sql`${signInFailures.place} = ${EVERYWHERE} desc, ${signInFailures.place}`)
    .for("update");
}

/** Whether strangers are locked out of an account: from one place, or everywhere. For its owner's firm to see. */
export async function isLocked(db: TenantDb, memberId: string, lockAfter: number): Promise<boolean> {
  const rows = await db
    .select({ place: signInFailures.place, failures: signInFailures.failures })
    .from(signInFailures)
    .where(eq(signInFailures.memberId, memberId));
  return isLockedOut(rows, { lockAfter });
}
