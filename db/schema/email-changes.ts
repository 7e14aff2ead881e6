import { foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation } from "./columns.ts";
import { members } from "./members.ts";

/** Addresses that members gave for themselves: asked for, proven by a mail to the new one, perhaps undone from the old one. */
export const emailChanges = pgTable(
  "email_changes",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    oldEmail: text("old_email"),
    oldUsername: text("old_username").notNull(),
    newEmail: text("new_email").notNull(),
    newEmailKey: text("new_email_key").notNull(),
    status: text("status", { enum: ["asked", "done", "undone", "cancelled"] })
      .notNull()
      .default("asked"),
    decidedAt: at("decided_at"),
  },
  (t) => [
    primaryKey({ name: "email_changes_pkey", columns: [t.tenantId, t.id] }),
    index("email_changes_by_member").on(t.tenantId, t.memberId, t.createdAt),
    foreignKey({
      name: "email_changes_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
