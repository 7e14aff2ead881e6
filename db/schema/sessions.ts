import { sql } from "drizzle-orm";
import {
  boolean,
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
import { at, bytes, portalNow, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";

/**
 * Signed-in people. The token is in the browser's cookie alone; here lies its SHA-256. A pending session has
 * proven who somebody is, and is good for its duties only.
 */
export const sessions = pgTable(
  "sessions",
  {
    ...tenantColumns,
    tokenHash: bytes("token_hash").notNull(),
    memberId: uuid("member_id").notNull(),
    kind: text("kind", { enum: ["pending", "full"] }).notNull(),
    duties: text("duties").array().notNull().default(sql`'{}'`),
    changeReason: text("change_reason"),
    method: text("method", { enum: ["password", "passkey", "sso"] }).notNull(),
    /** What has been proven so far, in this order. */
    proofs: text("proofs").array().notNull().default(sql`'{}'`),
    provenAt: at("proven_at").notNull().default(portalNow),
    /** The request in which that was. */
    provenIn: text("proven_in"),
    /** When a second factor, or what counts as two, was proven last. */
    factorAt: at("factor_at"),
    /** Why the sign-in looked unusual, if it did (F6). */
    signals: text("signals").array().notNull().default(sql`'{}'`),
    /** Whether its owner wants no second factor asked for in this browser, once it is full. */
    rememberDevice: boolean("remember_device").notNull().default(false),
    deviceId: uuid("device_id"),
    host: text("host").notNull(),
    source: text("source").notNull(),
    userAgent: text("user_agent").notNull(),
    lastSeenAt: at("last_seen_at").notNull(),
    idleMinutes: integer("idle_minutes").notNull(),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
    revokedReason: text("revoked_reason"),
    /** When its token was exchanged for a new one last, and whether anybody has come with the new one since. */
    rotatedAt: at("rotated_at").notNull().default(portalNow),
    tokenSeen: boolean("token_seen").notNull().default(true),
  },
  (t) => [
    primaryKey({ name: "sessions_pkey", columns: [t.tenantId, t.id] }),
    unique("sessions_token_key").on(t.tenantId, t.tokenHash),
    index("sessions_live_by_member").on(t.tenantId, t.memberId).where(sql`revoked_at is null`),
    index("sessions_by_expiry").on(t.expiresAt),
    // Whether somebody has come in by SSO lately, also where that session has ended.
    index("sessions_by_sso")
      .on(t.tenantId, t.memberId, t.createdAt)
      .where(sql`method = 'sso' and kind = 'full'`),
    check("sessions_kind_known", sql`${t.kind} in ('pending', 'full')`),
    check("sessions_full_has_no_duty", sql`${t.kind} = 'pending' or ${t.duties} = '{}'`),
    foreignKey({
      name: "sessions_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Tokens that a session had before its present one. One that comes back late has been copied (I4), if the browser has a
 * later one for certain.
 */
export const retiredSessionTokens = pgTable(
  "retired_session_tokens",
  {
    ...tenantKey,
    tokenHash: bytes("token_hash").notNull(),
    sessionId: uuid("session_id").notNull(),
    retiredAt: at("retired_at").notNull(),
    /** Somebody has come with a token that was given after it. */
    superseded: boolean("superseded").notNull().default(false),
  },
  (t) => [
    primaryKey({ name: "retired_session_tokens_pkey", columns: [t.tenantId, t.tokenHash] }),
    index("retired_session_tokens_by_session").on(t.tenantId, t.sessionId),
    foreignKey({
      name: "retired_session_tokens_session_fk",
      columns: [t.tenantId, t.sessionId],
      foreignColumns: [sessions.tenantId, sessions.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
