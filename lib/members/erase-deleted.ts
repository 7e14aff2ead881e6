import { and, asc, eq, isNotNull, isNull, lte } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { readFirmSettings } from "#lib/settings/read-firm-settings.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { erasePersonalData } from "./erase-personal-data.ts";
import { lockMember } from "./find-member.ts";

/**
 * Erases the people of a firm who were deleted longer ago than it keeps them, each in a transaction of its own.
 * Gives their number.
 */
export async function eraseDeleted(tenantId: TenantId): Promise<number> {
  const due = await withTenant(tenantId, async (db, now) =>
    db
      .select({ id: members.id })
      .from(members)
      .where(await isDue(db, now))
      .orderBy(asc(members.id)),
  );
  let erased = 0;
  for (const { id } of due) if (await withTenant(tenantId, (db, now) => eraseOne(db, now, id))) erased += 1;
  return erased;
}

/** False when somebody was quicker, or has restored the account. */
async function eraseOne(db: TenantDb, now: Date, id: string): Promise<boolean> {
  const member = await lockMember(db, id);
  const [due] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.id, id), await isDue(db, now)));
  if (!member || !due) return false;
  await erasePersonalData(db, now, member);
  const ctx = await currentSystemContext(db);
  await recordEvent(db, ctx, { event: "member.erased", targetId: id, reason: "kept_long_enough" });
  return true;
}

async function isDue(db: TenantDb, now: Date) {
  const { deletedDays } = await readFirmSettings(db);
  return and(
    isNotNull(members.deletedAt),
    isNull(members.erasedAt),
    lte(members.deletedAt, after(now, -DAY * deletedDays)),
  );
}
