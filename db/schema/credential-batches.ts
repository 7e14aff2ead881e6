import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * Credentials that are to be mailed to many people at once. A batch is shown before anything is sent; a trigger
 * enqueues its work when it is confirmed.
 */
export const credentialBatches = pgTable(
  "credential_batches",
  {
    ...tenantColumns,
    kind: text("kind", { enum: ["staff", "contact"] }).notNull(),
    status: text("status", { enum: ["preview", "sending", "done", "cancelled"] })
      .notNull()
      .default("preview"),
    createdBy: uuid("created_by").notNull(),
    confirmedAt: at("confirmed_at"),
    finishedAt: at("finished_at"),
  },
  (t) => [
    primaryKey({ name: "credential_batches_pkey", columns: [t.tenantId, t.id] }),
    index("credential_batches_by_age").on(t.createdAt),
    check("credential_batches_status_known", sql`${t.status} in ('preview', 'sending', 'done', 'cancelled')`),
    tenantReference("credential_batches", t.tenantId),
    tenantIsolation(),
  ],
);

/** One person of a batch, and what came of it. */
export const credentialBatchRows = pgTable(
  "credential_batch_rows",
  {
    ...tenantKey,
    batchId: uuid("batch_id").notNull(),
    memberId: uuid("member_id").notNull(),
    position: integer("position").notNull(),
    status: text("status", { enum: ["waiting", "mailed", "skipped"] })
      .notNull()
      .default("waiting"),
    reason: text("reason"),
    emailId: uuid("email_id"),
  },
  (t) => [
    primaryKey({ name: "credential_batch_rows_pkey", columns: [t.tenantId, t.batchId, t.memberId] }),
    unique("credential_batch_rows_position_key").on(t.tenantId, t.batchId, t.position),
    index("credential_batch_rows_waiting")
      .on(t.tenantId, t.batchId, t.position)
      .where(sql`status = 'waiting'`),
    check("credential_batch_rows_status_known", sql`${t.status} in ('waiting', 'mailed', 'skipped')`),
    foreignKey({
      name: "credential_batch_rows_batch_fk",
      columns: [t.tenantId, t.batchId],
      foreignColumns: [credentialBatches.tenantId, credentialBatches.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "credential_batch_rows_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
