import { toJsonRow } from "#db/json-row.ts";
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

/** Several at once. */
export async function recordEvents(db: TenantDb, ctx: Context, events: AuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(rowsOf(ctx, events));
}

/** Events on their way into the log, for a function of the database that writes them with the rest. */
export type EventRows = Record<string, unknown>[];

export function eventRows(ctx: Context, events: AuditEvent[]): EventRows {
  return rowsOf(ctx, events).map((row) => toJsonRow(auditEvents, row));
}

function rowsOf(ctx: Context, events: AuditEvent[]) {
  const author = ctx.actor ?? ctx.pending;
  const common = {
    actorKind: author ? ("member" as const) : ctx.via,
    actorId: author?.memberId,
    sessionId: author?.sessionId ?? ctx.directory?.tokenId,
    source: ctx.origin.source,
    requestId: ctx.origin.requestId,
  };
  return events.map((event) => ({ ...event, ...common }));
}
