import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";

/**
 * Tokens by which programs speak for a member, as SHA-256: the token itself is shown once. `hint` is how it begins, to
 * tell one from another. A member has one that is current; one that was replaced may be good until `expires_at` still.
 */
export const apiTokens = pgTable(
  "api_tokens",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    tokenHash: bytes("token_hash").notNull(),
    hint: text("hint").notNull(),
    scopes: text("scopes").array().notNull(),
    createdBy: uuid("created_by").notNull(),
    expiresAt: at("expires_at").notNull(),
    replacedAt: at("replaced_at"),
    lastUsedAt: at("last_used_at"),
    lastUsedSource: text("last_used_source"),
    endedAt: at("ended_at"),
    endedReason: text("ended_reason"),
  },
  (t) => [
    primaryKey({ name: "api_tokens_pkey", columns: [t.tenantId, t.id] }),
    unique("api_tokens_token_key").on(t.tenantId, t.tokenHash),
    index("api_tokens_by_member").on(t.tenantId, t.memberId, t.createdAt),
    index("api_tokens_by_expiry").on(t.expiresAt),
    index("api_tokens_live").on(t.tenantId, t.createdAt, t.id).where(sql`ended_at is null`),
    foreignKey({
      name: "api_tokens_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Answers to requests that carried an Idempotency-Key, so that a repetition does nothing again. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    ...tenantKey,
    memberId: uuid("member_id").notNull(),
    key: text("key").notNull(),
    fingerprint: bytes("fingerprint").notNull(),
    status: smallint("status"),
    headers: jsonb("headers").$type<Record<string, string>>(),
    body: text("body"),
  },
  (t) => [
    primaryKey({ name: "idempotency_keys_pkey", columns: [t.tenantId, t.memberId, t.key] }),
    index("idempotency_keys_by_time").on(t.createdAt),
    foreignKey({
      name: "idempotency_keys_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
