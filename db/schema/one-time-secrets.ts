import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, tenantColumns, tenantIsolation } from "./columns.ts";
import { members } from "./members.ts";

/**
 * Mailed links with their codes, and temporary passwords. A link's token is kept as SHA-256, what is short enough to
 * type as a keyed hash (SEC21), and a row ends once: consumed, superseded, exhausted or revoked. `subject_id` is the
 * row that a link decides about, where that is not the member. `opened_at` is when its page was first asked for, by
 * whomever: a robot or the person.
 */
export const oneTimeSecrets = pgTable(
  "one_time_secrets",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    subjectId: uuid("subject_id"),
    purpose: text("purpose", {
      enum: [
        "password_reset",
        "invitation",
        "temporary_password",
        "freeze",
        "address_hold",
        "email_change",
        "email_undo",
        "firm_link",
        "factor_reset",
        "factor_hold",
      ],
    }).notNull(),
    tokenHash: bytes("token_hash").notNull(),
    codeHash: bytes("code_hash"),
    codeKeyId: text("code_key_id"),
    sentToKey: text("sent_to_key").notNull(),
    attemptsLeft: smallint("attempts_left").notNull(),
    expiresAt: at("expires_at").notNull(),
    openedAt: at("opened_at"),
    endedAt: at("ended_at"),
    endedReason: text("ended_reason", { enum: ["consumed", "superseded", "exhausted", "revoked"] }),
  },
  (t) => [
    primaryKey({ name: "one_time_secrets_pkey", columns: [t.tenantId, t.id] }),
    unique("one_time_secrets_token_key").on(t.tenantId, t.tokenHash),
    index("one_time_secrets_by_member").on(t.tenantId, t.memberId, t.purpose, t.createdAt),
    index("one_time_secrets_live_by_member")
      .on(t.tenantId, t.memberId, t.purpose)
      .where(sql`ended_at is null`),
    check("one_time_secrets_ends_with_reason", sql`(${t.endedAt} is null) = (${t.endedReason} is null)`),
    check("one_time_secrets_attempts_counted", sql`${t.attemptsLeft} >= 0`),
    foreignKey({
      name: "one_time_secrets_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
