import { eq, sql } from "drizzle-orm";
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
  return placeIn(ctx, await findDevice(db, memberId, ctx.origin.device));
}

/** The same where it is known already which of the member's browsers it is, if any. */
export function placeIn(ctx: Context, device: string | null | undefined): Place {
  return device
    ? { name: `device:${device}`, known: true }
    : { name: `source:${sourceOf(ctx.origin)}`, known: false };
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
  const places = sql.param(placesOf(attempt));
  await db.execute(
    sql`select give_back_sign_in_attempt(${attempt.memberId}::uuid, ${places}::text[], ${EVERYWHERE})`,
  );
}

/** Where a try was counted. */
export function placesOf({ known, name }: Place): string[] {
  return known ? [name] : [name, EVERYWHERE];
}

/** A success, a reset or an administrator clears the count of an account, everywhere (DEC6). */
export async function clearAttempts(db: TenantDb, memberId: string): Promise<boolean> {
  const [row] = await db.execute<{ cleared: boolean }>(
    sql`select clear_sign_in_failures(${memberId}::uuid, ${EVERYWHERE}) as cleared`,
  );
  return row?.cleared === true;
}

/** Whether strangers are locked out of an account: from one place, or everywhere. For its owner's firm to see. */
export async function isLocked(db: TenantDb, memberId: string, lockAfter: number): Promise<boolean> {
  const rows = await db
    .select({ place: signInFailures.place, failures: signInFailures.failures })
    .from(signInFailures)
    .where(eq(signInFailures.memberId, memberId));
  return isLockedOut(rows, { lockAfter });
}
