import { sql } from "drizzle-orm";
import { refusalWindows } from "#db/schema/audit.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { processSingleton } from "#lib/core/process.ts";
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
  const window = { event, reason, source: ctx.origin.source };
  const key = JSON.stringify([ctx.tenant.id, window, ctx.actor?.memberId, explained]);
  return together(key, (times) =>
    withTenant(ctx.tenant.id, async (db, now) => {
      const opened = await openWindow(db, now, window, times);
      if (!opened) return;
      const more = opened.uncounted > 0 ? { alsoRefusedSinceTheLastEvent: opened.uncounted } : undefined;
      const detail = explained || more ? { ...explained, ...more } : undefined;
      await recordEvent(db, ctx, {
        event: `${event}.refused`,
        targetId: ctx.actor?.memberId,
        reason,
        detail,
      });
    }),
  );
}

type Batch = { times: number; written: Promise<void> };

type Underway = { now: Promise<void>; next: Batch | undefined };

/**
 * Refusals of one kind that come while one is being written are written by one transaction after it: whoever sends many at
 * once holds one connection by them, not all (REL8). Each of them waits until it is counted.
 */
function together(key: string, write: (times: number) => Promise<void>): Promise<void> {
  const kinds = processSingleton("refusals", () => new Map<string, Underway>());
  const underway = kinds.get(key);
  if (!underway) return begin(kinds, key, () => write(1));
  if (underway.next) {
    underway.next.times += 1;
    return underway.next.written;
  }
  const batch: Batch = { times: 1, written: Promise.resolve() };
  const afterwards = () => begin(kinds, key, () => write(batch.times));
  batch.written = underway.now.then(afterwards, afterwards);
  underway.next = batch;
  return batch.written;
}

function begin(kinds: Map<string, Underway>, key: string, write: () => Promise<void>): Promise<void> {
  const underway: Underway = { now: write(), next: undefined };
  kinds.set(key, underway);
  const end = () => {
    if (!underway.next) kinds.delete(key);
  };
  underway.now.then(end, end);
  return underway.now;
}

type Window = { event: string; reason: string; source: string };

/** What the last window left uncounted when this refusal opens a new one; undefined when it is only counted. */
async function openWindow(
  db: TenantDb,
  now: Date,
  window: Window,
  times: number,
): Promise<{ uncounted: number } | undefined> {
  const [row] = await db
    .insert(refusalWindows)
    .values({ ...window, openedAt: now, uncounted: times - 1 })
    .onConflictDoUpdate({
      target: [refusalWindows.tenantId, refusalWindows.event, refusalWindows.reason, refusalWindows.source],
      set: { uncounted: sql`${refusalWindows.uncounted} + ${times}` },
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
