import { and, eq, inArray, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { factorResets } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { HOUR, MINUTE } from "#lib/core/clock.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";

export type FactorReset = typeof factorResets.$inferSelect;

/** For how long the owner can stop it (F3). */
export const HOLD = 24 * HOUR;

/** For how long asking again changes nothing. */
export const ASKED_FOR = 15 * MINUTE;

/** What is asked for or held for a member; there is one at most. */
export async function findOpenReset(db: TenantDb, memberId: string): Promise<FactorReset | undefined> {
  const [open] = await db
    .select()
    .from(factorResets)
    .where(and(eq(factorResets.memberId, memberId), inArray(factorResets.status, ["asked", "held"])));
  return open;
}

/** When the second factors will be taken away, where `members` are read anyway; null where nothing is held. */
export const HELD_UNTIL = sql<Date | null>`(
  select ${factorResets.heldUntil} from ${factorResets}
   where ${factorResets.memberId} = ${members.id} and ${factorResets.status} = 'held')`.mapWith(
  factorResets.heldUntil,
);

export type LockedReset = { reset: FactorReset; member: Member };

/** A reset with its member, both locked, the member first as everywhere. */
export async function lockReset(db: TenantDb, id: string): Promise<LockedReset | undefined> {
  const thisOne = eq(factorResets.id, id);
  const [seen] = await db.select().from(factorResets).where(thisOne);
  const member = seen && (await lockMember(db, seen.memberId));
  const [reset] = await db.select().from(factorResets).where(thisOne).for("update");
  return member && reset && { reset, member };
}

export async function changeReset(
  db: TenantDb,
  id: string,
  changes: Partial<Pick<FactorReset, "status" | "heldUntil" | "endedAt" | "endedReason">>,
): Promise<void> {
  await db.update(factorResets).set(changes).where(eq(factorResets.id, id));
}
