import { and, eq, isNotNull, lte, or } from "drizzle-orm";
import { connectionDomains, connections } from "#db/schema/connections.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { log } from "#lib/core/log.ts";
import { ResolverAway } from "#lib/core/resolver.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";
import { tellAdministrators } from "../tell-administrators.ts";
import { isProvenNow } from "./challenge.ts";

type Row = typeof connectionDomains.$inferSelect;

const CHECKED_EVERY = DAY;

/** So long a record may be missing: name servers are moved, and somebody has to find out. */
const MISSED_FOR = 7 * DAY;

/**
 * Looks again for the records that prove a firm's domains; one that has been missing for a week proves nothing any more
 * (SEC61, SEC67). Where no name server answers, nothing is concluded. Gives how many were looked for.
 */
export async function checkDomains(tenantId: TenantId): Promise<number> {
  const due = await withTenant(tenantId, findDue);
  for (const row of due) {
    const there = await isThere(row);
    if (there !== undefined) await withTenant(tenantId, (db, now) => note(db, now, row, there));
  }
  return due.length;
}

/** Once a day, and each hour while one is missing: it may be back. */
function findDue(db: TenantDb, now: Date): Promise<Row[]> {
  return db
    .select()
    .from(connectionDomains)
    .where(
      and(
        isNotNull(connectionDomains.provenAt),
        or(
          lte(connectionDomains.checkedAt, after(now, -CHECKED_EVERY)),
          isNotNull(connectionDomains.missingSince),
        ),
      ),
    );
}

async function isThere(row: Row): Promise<boolean | undefined> {
  try {
    return await isProvenNow(row);
  } catch (error) {
    if (!(error instanceof ResolverAway)) throw error;
    log().warn({ domain: row.domain }, "no name server has answered for a proven domain");
    return undefined;
  }
}

async function note(db: TenantDb, now: Date, seen: Row, there: boolean): Promise<void> {
  const [row] = await db
    .select()
    .from(connectionDomains)
    .where(eq(connectionDomains.id, seen.id))
    .for("update");
  // Removed, or proven anew, while it was looked for.
  if (!row?.provenAt || row.checkedAt?.getTime() !== seen.checkedAt?.getTime()) return;
  const missingSince = there ? null : (row.missingSince ?? now);
  const ends = missingSince !== null && missingSince <= after(now, -MISSED_FOR);
  await db
    .update(connectionDomains)
    .set({ checkedAt: now, missingSince: ends ? null : missingSince, ...(ends && { provenAt: null }) })
    .where(eq(connectionDomains.id, row.id));
  if (ends) await tellOfEnd(db, now, row);
}

async function tellOfEnd(db: TenantDb, now: Date, { connectionId, domain }: Row): Promise<void> {
  const [connection] = await db.select().from(connections).where(eq(connections.id, connectionId));
  await recordEvent(db, await currentSystemContext(db), {
    event: "domain.unproven",
    targetId: connectionId,
    reason: "record_missing",
    detail: { domain },
  });
  const props = { alert: "domain_unproven", name: connection?.name ?? "", domain, at: now.toISOString() };
  await tellAdministrators(db, { template: "sso-alert", props });
}
