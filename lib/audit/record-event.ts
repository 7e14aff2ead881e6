import { auditEvents } from "#db/schema/audit.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";

export type AuditEvent = {
  event: string;
  /** The row that the event is about; undefined where nobody or nothing was found. */
  targetId: string | undefined;
  reason?: string;
  /** Facts that explain the event. Never a secret, never what somebody typed. */
  detail?: Record<string, string | number | boolean>;
};

/** Writes one audit event in the transaction that changes the data, so that neither exists without the other. */
export async function recordEvent(db: TenantDb, ctx: Context, event: AuditEvent): Promise<void> {
  await recordEvents(db, ctx, [event]);
}

/** Several at once, of work on many rows. */
export async function recordEvents(db: TenantDb, ctx: Context, events: AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const author = ctx.actor ?? ctx.pending;
  const common = {
    actorKind: author ? ("member" as const) : ctx.via,
    actorId: author?.memberId,
    sessionId: author?.sessionId ?? ctx.directory?.tokenId,
    source: ctx.origin.source,
    requestId: ctx.origin.requestId,
  };
  await db.insert(auditEvents).values(events.map((event) => ({ ...event, ...common })));
}
