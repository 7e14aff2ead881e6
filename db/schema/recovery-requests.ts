import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation } from "./columns.ts";
import { members } from "./members.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * People who cannot be reached by mail (000-04, B12), and owners who froze their account. A new address is proposed
 * by one administrator, approved by another, and held for a day in which the old address can stop it.
 */
export const recoveryRequests = pgTable(
  "recovery_requests",
  {
    ...tenantColumns,
    origin: text("origin", { enum: ["no_mailbox", "frozen"] }).notNull(),
    status: text("status", { enum: ["open", "proposed", "held", "done", "refused", "cancelled"] })
      .notNull()
      .default("open"),
    /** What somebody typed as a name; whose account it is, once that is known. */
    typedName: text("typed_name").notNull(),
    memberId: uuid("member_id"),
    /** How the firm can reach the person, in the person's words. */
    reachableAt: text("reachable_at"),
    source: text("source").notNull(),
    newEmail: text("new_email"),
    newEmailKey: text("new_email_key"),
    oldEmailKey: text("old_email_key"),
    proposedBy: uuid("proposed_by"),
    decidedBy: uuid("decided_by"),
    heldUntil: at("held_until"),
    closedAt: at("closed_at"),
    closedReason: text("closed_reason"),
  },
  (t) => [
    primaryKey({ name: "recovery_requests_pkey", columns: [t.tenantId, t.id] }),
    index("recovery_requests_by_status").on(t.tenantId, t.status, t.createdAt),
    index("recovery_requests_held").on(t.heldUntil).where(sql`status = 'held'`),
    check(
      "recovery_requests_status_known",
      sql`${t.status} in ('open', 'proposed', 'held', 'done', 'refused', 'cancelled')`,
    ),
    check("recovery_requests_two_people", sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.proposedBy}`),
    foreignKey({
      name: "recovery_requests_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantReference("recovery_requests", t.tenantId),
    tenantIsolation(),
  ],
);
