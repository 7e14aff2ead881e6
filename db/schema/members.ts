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
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, bytewise, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { securityGroups } from "./groups.ts";
import { tenantReference } from "./tenant-reference.ts";

/** Who never signed in did so longest ago. The list that is sorted by it says the same. */
const lastSignIn = sql`coalesce(last_sign_in_at, '-infinity'::timestamptz)`;

/**
 * Accounts of a firm: its staff and its clients' contacts. The `…_key` columns hold the canonical form that
 * look-ups and uniqueness go by. A federated member has a connection and no password. A deleted one is disabled, can be
 * restored, and keeps its names until it is erased. The database counts `version` up with each change that people make.
 */
export const members = pgTable(
  "members",
  {
    ...tenantColumns,
    kind: text("kind", { enum: ["staff", "contact"] }).notNull(),
    name: text("name").notNull(),
    username: text("username").notNull(),
    usernameKey: text("username_key").notNull(),
    email: text("email"),
    emailKey: text("email_key"),
    status: text("status", { enum: ["enabled", "disabled"] })
      .notNull()
      .default("enabled"),
    securityGroupId: uuid("security_group_id").notNull(),
    connectionId: uuid("connection_id"),
    mustChangePassword: boolean("must_change_password").notNull().default(false),
    /** That a second factor is wanted of this member, whatever the firm or the group asks for (X9). */
    enrolmentRequired: boolean("enrolment_required").notNull().default(false),
    /** A shorter wait than the firm's before this member is signed out; null for the firm's (I3). */
    idleMinutes: integer("idle_minutes"),
    /** When the offer of a passkey was turned down. */
    passkeyDeclinedAt: at("passkey_declined_at"),
    lastSignInAt: at("last_sign_in_at"),
    frozenAt: at("frozen_at"),
    timeZone: text("time_zone"),
    /** That there is an invitation of theirs, a mail or a link: kept by triggers on both. */
    invited: boolean("invited").notNull().default(false),
    /** That there is a confirmed app or a passkey of theirs, for lists: kept by triggers on both, once `markFactors` has been there. */
    hasFactor: boolean("has_factor").notNull().default(false),
    deletedAt: at("deleted_at"),
    erasedAt: at("erased_at"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ name: "members_pkey", columns: [t.tenantId, t.id] }),
    unique("members_username_key").on(t.tenantId, t.usernameKey),
    unique("members_email_key").on(t.tenantId, t.emailKey),
    index("members_there_by_name").on(t.tenantId, t.kind, t.name, t.id).where(sql`deleted_at is null`),
    // Deleted ones are disabled, too.
    index("members_disabled_by_name").on(t.tenantId, t.kind, t.name, t.id).where(sql`status = 'disabled'`),
    index("members_invited_by_name")
      .on(t.tenantId, t.kind, t.name, t.id)
      .where(sql`invited and deleted_at is null`),
    index("members_frozen_by_name").on(t.tenantId, t.kind, t.name, t.id).where(sql`frozen_at is not null`),
    // With the connection at its end: whoever signs in by SSO lacks none, and is passed over in the index where that is asked.
    index("members_without_factor_by_name")
      .on(t.tenantId, t.kind, t.name, t.id, t.connectionId)
      .where(sql`not has_factor and deleted_at is null`),
    index("members_enrolment_required_by_name")
      .on(t.tenantId, t.kind, t.name, t.id)
      .where(sql`enrolment_required`),
    // With the date at its end, those who are there are counted in it. Without the id: a join of people with their groups
    // would walk through all of it to find some by their ids.
    index("members_by_group_and_name").on(t.tenantId, t.securityGroupId, t.name, t.deletedAt),
    index("members_there_by_connection")
      .on(t.tenantId, t.connectionId, t.id)
      .where(sql`connection_id is not null and deleted_at is null`),
    index("members_by_last_sign_in").on(t.tenantId, t.kind, lastSignIn, t.id),
    index("members_by_kind_and_creation").on(t.tenantId, t.kind, t.createdAt, t.id),
    index("members_deleted").on(t.tenantId, t.deletedAt).where(sql`deleted_at is not null`),
    check("members_kind_known", sql`${t.kind} in ('staff', 'contact')`),
    check("members_status_known", sql`${t.status} in ('enabled', 'disabled')`),
    // Whatever asks for an enabled member leaves out a deleted one too.
    check("members_deleted_is_disabled", sql`${t.deletedAt} is null or ${t.status} = 'disabled'`),
    check("members_erased_is_deleted", sql`${t.erasedAt} is null or ${t.deletedAt} is not null`),
    // Otherwise somebody could take another person's address as a username (DEC10).
    check("members_username_address_own", sql`${t.usernameKey} !~ '@' or ${t.usernameKey} = ${t.emailKey}`),
    foreignKey({
      name: "members_security_group_fk",
      columns: [t.tenantId, t.securityGroupId],
      foreignColumns: [securityGroups.tenantId, securityGroups.id],
    }),
    tenantReference("members", t.tenantId),
    tenantIsolation(),
  ],
);

/**
 * What people are found by in lists: their username, their address, and their name from each of its words on, in small
 * letters. Kept by a trigger. A table and not an index on `members`: row-level security lets no LIKE near an index.
 */
export const memberSearchTerms = pgTable(
  "member_search_terms",
  {
    ...tenantKey,
    memberId: uuid("member_id").notNull(),
    kind: text("kind", { enum: ["name", "username", "address"] }).notNull(),
    term: bytewise("term").notNull(),
  },
  (t) => [
    primaryKey({ name: "member_search_terms_pkey", columns: [t.tenantId, t.term, t.kind, t.memberId] }),
    index("member_search_terms_by_member").on(t.tenantId, t.memberId),
    foreignKey({
      name: "member_search_terms_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Password hashes, apart from the members so that no list of people ever carries one. `changed_at` is null for a
 * password whose date nobody knows; `temporary_until` ends one that somebody else has set; `accepted_under` holds the
 * rules that accepted it, `warned_days` the last warning of its expiry.
 */
export const passwordCredentials = pgTable(
  "password_credentials",
  {
    ...tenantKey,
    memberId: uuid("member_id").notNull(),
    hash: text("hash").notNull(),
    changedAt: at("changed_at"),
    temporaryUntil: at("temporary_until"),
    acceptedUnder: jsonb("accepted_under").$type<Record<string, string | number | boolean>>(),
    warnedDays: smallint("warned_days"),
    /** It was chosen by a mailed link, and no second factor has been proven since: it says what the mailbox does. */
    byMail: boolean("by_mail").notNull().default(false),
  },
  (t) => [
    primaryKey({ name: "password_credentials_pkey", columns: [t.tenantId, t.memberId] }),
    foreignKey({
      name: "password_credentials_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Hashes of passwords that were, as many as the firm's history asks for. */
export const passwordHistory = pgTable(
  "password_history",
  { ...tenantColumns, memberId: uuid("member_id").notNull(), hash: text("hash").notNull() },
  (t) => [
    primaryKey({ name: "password_history_pkey", columns: [t.tenantId, t.id] }),
    index("password_history_by_member").on(t.tenantId, t.memberId, t.createdAt),
    foreignKey({
      name: "password_history_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Wrong passwords since the last right one: per place (`source:…`, `device:…`), and for `*` from all unknown places
 * together. A row goes with a success, a reset or an administrator (DEC6).
 */
export const signInFailures = pgTable(
  "sign_in_failures",
  {
    ...tenantKey,
    memberId: uuid("member_id").notNull(),
    place: text("place").notNull(),
    failures: integer("failures").notNull(),
    lastAt: at("last_at").notNull(),
  },
  (t) => [
    primaryKey({ name: "sign_in_failures_pkey", columns: [t.tenantId, t.memberId, t.place] }),
    // As few as ever lock anybody out. Of a first or second wrong password it holds nothing.
    index("sign_in_failures_locking").on(t.tenantId, t.failures, t.memberId).where(sql`failures >= 3`),
    foreignKey({
      name: "sign_in_failures_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Browsers in which a member has signed in: a lock that strangers bring about does not bind them (X3). */
export const knownDevices = pgTable(
  "known_devices",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    tokenHash: bytes("token_hash").notNull(),
    userAgent: text("user_agent").notNull(),
    lastUsedAt: at("last_used_at").notNull(),
    /** Until when no second factor is asked for in it; null for a browser that is merely known. */
    trustedUntil: at("trusted_until"),
  },
  (t) => [
    primaryKey({ name: "known_devices_pkey", columns: [t.tenantId, t.id] }),
    unique("known_devices_token_key").on(t.tenantId, t.memberId, t.tokenHash),
    index("known_devices_by_token").on(t.tenantId, t.tokenHash),
    index("known_devices_by_use").on(t.lastUsedAt),
    foreignKey({
      name: "known_devices_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Who a person is at an identity provider: the subject, never the address (SEC66). */
export const federatedIdentities = pgTable(
  "federated_identities",
  {
    ...tenantKey,
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    type: text("type").notNull(),
    memberId: uuid("member_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "federated_identities_pkey", columns: [t.tenantId, t.provider, t.providerAccountId] }),
    index("federated_identities_by_member").on(t.tenantId, t.memberId),
    foreignKey({
      name: "federated_identities_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
