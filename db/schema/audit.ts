import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { tenantReference } from "./tenant-reference.ts";

/** What happened, for good: the runtime role may add and read, nothing else. */
export const auditEvents = pgTable(
  "audit_events",
  {
    ...tenantColumns,
    event: text("event").notNull(),
    actorKind: text("actor_kind", {
      enum: ["member", "visitor", "system", "operator", "directory"],
    }).notNull(),
    actorId: uuid("actor_id"),
    sessionId: uuid("session_id"),
    targetId: uuid("target_id"),
    reason: text("reason"),
    source: text("source").notNull(),
    requestId: text("request_id").notNull(),
    detail: jsonb("detail").$type<Record<string, string | number | boolean>>().notNull().default({}),
  },
  (t) => [
    primaryKey({ name: "audit_events_pkey", columns: [t.tenantId, t.id] }),
    index("audit_events_by_time").on(t.tenantId, t.createdAt, t.id),
    index("audit_events_by_event").on(t.tenantId, t.event, t.createdAt, t.id),
    index("audit_events_by_actor").on(t.tenantId, t.actorId, t.createdAt, t.id),
    index("audit_events_by_target").on(t.tenantId, t.targetId, t.createdAt, t.id),
    index("audit_events_refused").on(t.tenantId, t.createdAt, t.id).where(sql`event like '%.refused'`),
    index("audit_events_by_source").on(t.tenantId, t.source, t.createdAt, t.id),
    index("audit_events_by_request").on(t.tenantId, t.requestId),
    check(
      "audit_events_actor_known",
      sql`${t.actorKind} in ('member', 'visitor', 'system', 'operator', 'directory')`,
    ),
    tenantReference("audit_events", t.tenantId),
    tenantIsolation(),
  ],
);

/** How often one source was refused for one reason, so that a flood of refusals is counted, not stored. */
export const refusalWindows = pgTable(
  "refusal_windows",
  {
    ...tenantKey,
    event: text("event").notNull(),
    reason: text("reason").notNull(),
    source: text("source").notNull(),
    openedAt: at("opened_at").notNull(),
    uncounted: integer("uncounted").notNull().default(0),
  },
  (t) => [
    primaryKey({ name: "refusal_windows_pkey", columns: [t.tenantId, t.event, t.reason, t.source] }),
    tenantReference("refusal_windows", t.tenantId),
    tenantIsolation(),
  ],
);
