import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { connections } from "./connections.ts";
import { members } from "./members.ts";

/** Bearer tokens of a directory: for one connection, and for nothing but its users and groups (SEC82). */
export const scimTokens = pgTable(
  "scim_tokens",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    name: text("name").notNull(),
    tokenHash: bytes("token_hash").notNull(),
    /** Its first characters, to be told apart by. */
    shownPrefix: text("shown_prefix").notNull(),
    createdBy: uuid("created_by"),
    expiresAt: at("expires_at").notNull(),
    lastUsedAt: at("last_used_at"),
    revokedAt: at("revoked_at"),
  },
  (t) => [
    primaryKey({ name: "scim_tokens_pkey", columns: [t.tenantId, t.id] }),
    unique("scim_tokens_token_key").on(t.tenantId, t.tokenHash),
    index("scim_tokens_by_connection").on(t.tenantId, t.connectionId),
    foreignKey({
      name: "scim_tokens_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Members that a directory has made, as it knows them. The id is the resource's own, never the member's, and the external id
 * an opaque text (SEC83). One that the directory has deleted stays until it comes back under its name, or is erased here.
 */
export const scimUsers = pgTable(
  "scim_users",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    memberId: uuid("member_id").notNull(),
    userName: text("user_name").notNull(),
    userNameKey: text("user_name_key").notNull(),
    externalId: text("external_id"),
    /** The resource as it was given last, without what the member itself holds and without any password. */
    attributes: jsonb("attributes").$type<Record<string, unknown>>().notNull(),
    /** "no" where the directory has switched the member off or deleted it, and nobody here has decided about it since. */
    active: text("active", { enum: ["yes", "no"] })
      .notNull()
      .default("yes"),
    version: integer("version").notNull().default(1),
    changedAt: at("changed_at").notNull(),
    deletedAt: at("deleted_at"),
  },
  (t) => [
    primaryKey({ name: "scim_users_pkey", columns: [t.tenantId, t.id] }),
    uniqueIndex("scim_users_user_name_key")
      .on(t.tenantId, t.connectionId, t.userNameKey)
      .where(sql`deleted_at is null`),
    unique("scim_users_member_key").on(t.tenantId, t.memberId),
    index("scim_users_by_external_id").on(t.tenantId, t.connectionId, t.externalId),
    foreignKey({
      name: "scim_users_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "scim_users_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Groups as the directory has them; a connection's rules say which security group each gives. */
export const scimGroups = pgTable(
  "scim_groups",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    displayName: text("display_name").notNull(),
    displayNameKey: text("display_name_key").notNull(),
    externalId: text("external_id"),
    version: integer("version").notNull().default(1),
    changedAt: at("changed_at").notNull(),
  },
  (t) => [
    primaryKey({ name: "scim_groups_pkey", columns: [t.tenantId, t.id] }),
    unique("scim_groups_display_name_key").on(t.tenantId, t.connectionId, t.displayNameKey),
    foreignKey({
      name: "scim_groups_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

export const scimGroupMembers = pgTable(
  "scim_group_members",
  {
    ...tenantKey,
    groupId: uuid("group_id").notNull(),
    userId: uuid("user_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "scim_group_members_pkey", columns: [t.tenantId, t.groupId, t.userId] }),
    index("scim_group_members_by_user").on(t.tenantId, t.userId),
    foreignKey({
      name: "scim_group_members_group_fk",
      columns: [t.tenantId, t.groupId],
      foreignColumns: [scimGroups.tenantId, scimGroups.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "scim_group_members_user_fk",
      columns: [t.tenantId, t.userId],
      foreignColumns: [scimUsers.tenantId, scimUsers.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** What the directory asked for last, and what it was answered: the "last sync" panel. Old rows are purged. */
export const scimRequests = pgTable(
  "scim_requests",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    operation: text("operation").notNull(),
    status: integer("status").notNull(),
    /** The resource's own name or what was wrong, in words of ours. */
    detail: text("detail"),
  },
  (t) => [
    primaryKey({ name: "scim_requests_pkey", columns: [t.tenantId, t.id] }),
    index("scim_requests_by_time").on(t.tenantId, t.connectionId, t.createdAt),
    index("scim_requests_failed").on(t.tenantId, t.connectionId, t.createdAt, t.id).where(sql`status >= 400`),
    index("scim_requests_by_age").on(t.createdAt),
    foreignKey({
      name: "scim_requests_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
