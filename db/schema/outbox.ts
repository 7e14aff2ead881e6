import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { at, tenantColumns, tenantIsolation } from "./columns.ts";
import { members } from "./members.ts";

/**
 * Mail that is promised. A trigger enqueues its delivery in the same transaction. `sealed_secret` holds the
 * encrypted token and code from minting until delivery is recorded, so that a repeat is the same mail (S5).
 */
export const outboxEmails = pgTable(
  "outbox_emails",
  {
    ...tenantColumns,
    memberId: uuid("member_id"),
    template: text("template").notNull(),
    props: jsonb("props").$type<Record<string, string | number>>().notNull().default({}),
    toAddress: text("to_address"),
    status: text("status", { enum: ["queued", "sent", "failed", "suppressed"] }).notNull(),
    reason: text("reason"),
    messageId: text("message_id"),
    sealedSecret: text("sealed_secret"),
    mintedAt: at("minted_at"),
    attempts: integer("attempts").notNull().default(0),
    sentAt: at("sent_at"),
    /** One of many: it goes after every mail that a person waits for. */
    bulk: boolean("bulk").notNull().default(false),
    /** Not before this moment, so that whoever asked for it can take it back. */
    notBefore: at("not_before"),
    /** The row that the mail's secret decides about, where that is not the member. */
    subjectId: uuid("subject_id"),
  },
  (t) => [
    primaryKey({ name: "outbox_emails_pkey", columns: [t.tenantId, t.id] }),
    index("outbox_emails_by_member").on(t.tenantId, t.memberId, t.createdAt),
    index("outbox_emails_waiting").on(t.createdAt).where(sql`status = 'queued'`),
    check("outbox_emails_status_known", sql`${t.status} in ('queued', 'sent', 'failed', 'suppressed')`),
    check("outbox_emails_addressed", sql`${t.status} = 'suppressed' or ${t.toAddress} is not null`),
    check("outbox_emails_secret_ends", sql`${t.status} = 'queued' or ${t.sealedSecret} is null`),
    foreignKey({
      name: "outbox_emails_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
