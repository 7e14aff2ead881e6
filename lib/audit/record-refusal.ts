import { sql } from "drizzle-orm";
import { refusalWindows } from "#db/schema/audit.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { type AuditEvent, recordEvent } from "./record-event.ts";

/**
 * Records a refusal in a transaction of its own, since the refused one is undone: at most one event a minute per
 * source and reason. Those between are counted, and the next event says how many there were.
 */
export function recordRefusal(
  ctx: Context,
  event: string,
  reason: string,
  explained?: AuditEvent["detail"],
): Promise<void> {
  return withTenant(ctx.tenant.id, async (db, now) => {
    const opened = await openWindow(db, now, { event, reason, source: ctx.origin.source });
    if (!opened) return;
    const more = opened.uncounted > 0 ? { alsoRefusedSinceTheLastEvent: opened.uncounted } : undefined;
    const detail = explained || more ? { ...explained, ...more } : undefined;
    await recordEvent(db, ctx, { event: `${event}.refused`, targetId: ctx.actor?.memberId, reason, detail });
  });
}

type Window = { event: string; reason: string; source: string };

/** What the last window left uncounted when this refusal opens a new one; undefined when it is only counted. */
async function openWindow(
  db: TenantDb,
  now: Date,
  window: Window,
): Promise<{ uncounted: number } | undefined> {
  const [row] = await db
    .insert(refusalWindows)
    .values({ ...window, openedAt: now })
    .onConflictDoUpdate({
      target: [refusalWindows.tenantId, refusalWindows.event, refusalWindows.reason, refusalWindows.source],
      set: { uncounted: sql`${refusalWindows.uncounted} + 1` },
    })
    .returning();
  if (!row || row.uncounted === 0) return row && { uncounted: 0 };
  if (after(row.openedAt, MINUTE) > now) return undefined;

  await db
    .update(refusalWindows)
    .set({ openedAt: now, uncounted: 0 })
    .where(sql`event = ${window.event} and reason = ${window.reason} and source = ${window.source}`);
  return { uncounted: row.uncounted - 1 };
}
