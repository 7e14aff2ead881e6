import { sql } from "drizzle-orm";
import { foreignKey, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { at, bytewise, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";
import { tenantReference } from "./tenant-reference.ts";

/** Customers of a firm. A deleted one can be restored and keeps its name; the database counts `version` up. */
export const clients = pgTable(
  "clients",
  {
    ...tenantColumns,
    name: text("name").notNull(),
    deletedAt: at("deleted_at"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ name: "clients_pkey", columns: [t.tenantId, t.id] }),
    unique("clients_name_key").on(t.tenantId, t.name),
    index("clients_there_by_name").on(t.tenantId, t.name, t.id).where(sql`deleted_at is null`),
    index("clients_there_by_creation").on(t.tenantId, t.createdAt, t.id).where(sql`deleted_at is null`),
    index("clients_deleted_by_name").on(t.tenantId, t.name, t.id).where(sql`deleted_at is not null`),
    tenantReference("clients", t.tenantId),
    tenantIsolation(),
  ],
);

/**
 * What clients are found by: their name from each of its words on, in small letters. Kept by a trigger; a table for the
 * reason of `member_search_terms`.
 */
export const clientSearchTerms = pgTable(
  "client_search_terms",
  { ...tenantKey, clientId: uuid("client_id").notNull(), term: bytewise("term").notNull() },
  (t) => [
    primaryKey({ name: "client_search_terms_pkey", columns: [t.tenantId, t.term, t.clientId] }),
    index("client_search_terms_by_client").on(t.tenantId, t.clientId),
    foreignKey({
      name: "client_search_terms_client_fk",
      columns: [t.tenantId, t.clientId],
      foreignColumns: [clients.tenantId, clients.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Staff who work with a client. Those whose security group sees assigned clients only see these. */
export const clientStaff = pgTable(
  "client_staff",
  { ...tenantKey, clientId: uuid("client_id").notNull(), memberId: uuid("member_id").notNull() },
  (t) => [
    primaryKey({ name: "client_staff_pkey", columns: [t.tenantId, t.clientId, t.memberId] }),
    index("client_staff_by_member").on(t.tenantId, t.memberId, t.clientId),
    foreignKey({
      name: "client_staff_client_fk",
      columns: [t.tenantId, t.clientId],
      foreignColumns: [clients.tenantId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "client_staff_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

export const clientContacts = pgTable(
  "client_contacts",
  { ...tenantKey, clientId: uuid("client_id").notNull(), memberId: uuid("member_id").notNull() },
  (t) => [
    primaryKey({ name: "client_contacts_pkey", columns: [t.tenantId, t.clientId, t.memberId] }),
    index("client_contacts_by_member").on(t.tenantId, t.memberId),
    // Foreign key checks bypass row-level security, so the tenant is part of the key.
    foreignKey({
      name: "client_contacts_client_fk",
      columns: [t.tenantId, t.clientId],
      foreignColumns: [clients.tenantId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "client_contacts_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** The one place of a client that the firm's staff and the client's contacts enter. */
export const workspaces = pgTable(
  "workspaces",
  { ...tenantColumns, clientId: uuid("client_id").notNull() },
  (t) => [
    primaryKey({ name: "workspaces_pkey", columns: [t.tenantId, t.id] }),
    unique("workspaces_client_key").on(t.tenantId, t.clientId),
    foreignKey({
      name: "workspaces_client_fk",
      columns: [t.tenantId, t.clientId],
      foreignColumns: [clients.tenantId, clients.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
