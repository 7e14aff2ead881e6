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
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { securityGroups } from "./groups.ts";
import { members } from "./members.ts";
import { sessions } from "./sessions.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * Identity providers of a firm. What a connection goes by lies in its configurations, several beside each other: one that
 * serves, a draft that is tried, and the one that served before and still may for a while (G4).
 */
export const connections = pgTable(
  "connections",
  {
    ...tenantColumns,
    kind: text("kind", { enum: ["oidc", "saml"] }).notNull(),
    name: text("name").notNull(),
    /** Draft and testing sign nobody in; retired never does again. */
    state: text("state", { enum: ["draft", "testing", "live", "retired"] })
      .notNull()
      .default("draft"),
    /** Which guide the wizard shows. */
    provider: text("provider").notNull().default("any"),
    /** What comes of somebody whom the provider knows and this firm does not. */
    firstSignIn: text("first_sign_in", { enum: ["refuse", "link", "create"] })
      .notNull()
      .default("link"),
    /** Whether an address in a proven domain of this connection is enough to become the account that has it (SEC67). */
    trustsDomains: boolean("trusts_domains").notNull().default(false),
    /** The group of those whom no rule gives another; none: whoever matches no rule is refused. */
    defaultGroupId: uuid("default_group_id"),
    /** SAML answers that nobody asked for (S6, G8). */
    allowsUnsolicited: boolean("allows_unsolicited").notNull().default(false),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ name: "connections_pkey", columns: [t.tenantId, t.id] }),
    uniqueIndex("connections_name_key").on(t.tenantId, sql`lower(${t.name})`).where(sql`state <> 'retired'`),
    check("connections_kind_known", sql`${t.kind} in ('oidc', 'saml')`),
    foreignKey({
      name: "connections_default_group_fk",
      columns: [t.tenantId, t.defaultGroupId],
      foreignColumns: [securityGroups.tenantId, securityGroups.id],
    }),
    tenantReference("connections", t.tenantId),
    tenantIsolation(),
  ],
);

/**
 * One set of values for a connection; never changed once it has served. Its secret (an OIDC client's secret, or the private
 * key that signs and decrypts for SAML) is sealed for its row, and no page ever shows it again (SEC72).
 */
export const connectionConfigurations = pgTable(
  "connection_configurations",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    role: text("role", { enum: ["draft", "serving", "former", "past"] })
      .notNull()
      .default("draft"),
    servingSince: at("serving_since"),
    /** Until when a former one may still serve (DEC19). */
    servesUntil: at("serves_until"),
    /** As lib/auth/sso/configuration.ts reads it. */
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull(),
    sealedSecret: text("sealed_secret"),
    keyId: text("key_id"),
    createdBy: uuid("created_by"),
    /** The last test sign-in with it that came through. */
    testedAt: at("tested_at"),
    /** Since it serves: how many sign-ins it brought about, and how many it failed at. */
    successes: integer("successes").notNull().default(0),
    failures: integer("failures").notNull().default(0),
    /** Members whose failure has been counted: each counts once. */
    failureMarks: text("failure_marks").array().notNull().default(sql`'{}'`),
    /** Why it was taken back by itself, if it was. */
    failedBecause: text("failed_because"),
  },
  (t) => [
    primaryKey({ name: "connection_configurations_pkey", columns: [t.tenantId, t.id] }),
    index("connection_configurations_by_connection").on(t.tenantId, t.connectionId),
    uniqueIndex("connection_configurations_role_key")
      .on(t.tenantId, t.connectionId, t.role)
      .where(sql`role <> 'past'`),
    check("connection_configurations_role_known", sql`${t.role} in ('draft', 'serving', 'former', 'past')`),
    index("connection_configurations_by_key").on(t.keyId).where(sql`key_id is not null`),
    foreignKey({
      name: "connection_configurations_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Which of the provider's groups gives which security group; the first match in this order counts (DEC5). */
export const connectionGroupRules = pgTable(
  "connection_group_rules",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    position: integer("position").notNull(),
    /** As the provider calls the group; compared whole. */
    groupValue: text("group_value").notNull(),
    securityGroupId: uuid("security_group_id").notNull(),
    /** Said in so many words for this rule alone: without it, none leads to Administrator (G7). */
    allowsAdministrator: boolean("allows_administrator").notNull().default(false),
  },
  (t) => [
    primaryKey({ name: "connection_group_rules_pkey", columns: [t.tenantId, t.id] }),
    unique("connection_group_rules_position_key").on(t.tenantId, t.connectionId, t.position),
    unique("connection_group_rules_value_key").on(t.tenantId, t.connectionId, t.groupValue),
    foreignKey({
      name: "connection_group_rules_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "connection_group_rules_group_fk",
      columns: [t.tenantId, t.securityGroupId],
      foreignColumns: [securityGroups.tenantId, securityGroups.id],
    }),
    tenantIsolation(),
  ],
);

/** Domains of e-mail addresses that a firm says are its own, and since when a DNS TXT record has proven it (SEC67). */
export const connectionDomains = pgTable(
  "connection_domains",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    /** In small letters, as IDNA writes it. */
    domain: text("domain").notNull(),
    /** What the TXT record holds. Public by nature. */
    challenge: text("challenge").notNull(),
    provenAt: at("proven_at"),
    checkedAt: at("checked_at"),
    /** Since when the record has been missing; a proof that stays missing ends. */
    missingSince: at("missing_since"),
  },
  (t) => [
    primaryKey({ name: "connection_domains_pkey", columns: [t.tenantId, t.id] }),
    unique("connection_domains_domain_key").on(t.tenantId, t.domain),
    index("connection_domains_by_check").on(t.checkedAt),
    foreignKey({
      name: "connection_domains_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Sign-ins that are under way at an identity provider. The browser holds the token, here lies its SHA-256; consumed in one
 * statement, at the connection and configuration that it was begun for (SEC64, SEC77).
 */
export const ssoFlows = pgTable(
  "sso_flows",
  {
    ...tenantColumns,
    tokenHash: bytes("token_hash").notNull(),
    connectionId: uuid("connection_id").notNull(),
    configurationId: uuid("configuration_id").notNull(),
    purpose: text("purpose", { enum: ["sign_in", "test"] }).notNull(),
    /** Who tests; nobody yet for a sign-in. */
    memberId: uuid("member_id"),
    /** A path on this host to go on to. */
    next: text("next").notNull(),
    /** The id of the SAML AuthnRequest. */
    requestId: text("request_id"),
    expiresAt: at("expires_at").notNull(),
    consumedAt: at("consumed_at"),
    /** What a test sign-in brought: shown to who began it, then gone with the row. */
    result: jsonb("result").$type<Record<string, unknown>>(),
  },
  (t) => [
    primaryKey({ name: "sso_flows_pkey", columns: [t.tenantId, t.id] }),
    unique("sso_flows_token_key").on(t.tenantId, t.tokenHash),
    index("sso_flows_by_expiry").on(t.expiresAt),
    foreignKey({
      name: "sso_flows_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "sso_flows_configuration_fk",
      columns: [t.tenantId, t.configurationId],
      foreignColumns: [connectionConfigurations.tenantId, connectionConfigurations.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Messages of providers that count once: SAML assertions, logout requests, logout tokens (SEC71, SEC77). */
export const spentMessages = pgTable(
  "spent_messages",
  {
    ...tenantKey,
    connectionId: uuid("connection_id").notNull(),
    kind: text("kind", { enum: ["assertion", "logout_request", "logout_token"] }).notNull(),
    messageHash: bytes("message_hash").notNull(),
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [
    primaryKey({
      name: "spent_messages_pkey",
      columns: [t.tenantId, t.connectionId, t.kind, t.messageHash],
    }),
    index("spent_messages_by_expiry").on(t.expiresAt),
    foreignKey({
      name: "spent_messages_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Which session at the provider one of ours came from: what its logout ends, and what ours says there (G9). */
export const providerSessions = pgTable(
  "provider_sessions",
  {
    ...tenantKey,
    sessionId: uuid("session_id").notNull(),
    connectionId: uuid("connection_id").notNull(),
    configurationId: uuid("configuration_id").notNull(),
    subject: text("subject").notNull(),
    /** OIDC `sid`, or SAML SessionIndex. */
    providerSession: text("provider_session"),
    /** SAML: how the NameID was written, for the logout request. */
    nameId: jsonb("name_id").$type<Record<string, string>>(),
  },
  (t) => [
    primaryKey({ name: "provider_sessions_pkey", columns: [t.tenantId, t.sessionId] }),
    index("provider_sessions_by_subject").on(t.tenantId, t.connectionId, t.subject),
    index("provider_sessions_by_provider_session").on(t.tenantId, t.connectionId, t.providerSession),
    foreignKey({
      name: "provider_sessions_session_fk",
      columns: [t.tenantId, t.sessionId],
      foreignColumns: [sessions.tenantId, sessions.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "provider_sessions_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/**
 * Somebody came from a provider for the first time, and says which account is theirs. Bound to the upstream person and to
 * the browser; the account itself is proven by a sign-in of its own (SEC67, INC20).
 */
export const linkRequests = pgTable(
  "link_requests",
  {
    ...tenantColumns,
    tokenHash: bytes("token_hash").notNull(),
    connectionId: uuid("connection_id").notNull(),
    subject: text("subject").notNull(),
    /** As the provider said them; shown back, and proof of nothing. */
    claims: jsonb("claims").$type<Record<string, unknown>>().notNull(),
    expiresAt: at("expires_at").notNull(),
    consumedAt: at("consumed_at"),
  },
  (t) => [
    primaryKey({ name: "link_requests_pkey", columns: [t.tenantId, t.id] }),
    unique("link_requests_token_key").on(t.tenantId, t.tokenHash),
    index("link_requests_by_expiry").on(t.expiresAt),
    foreignKey({
      name: "link_requests_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Links by which one person outside the firm, who knows the provider, fills in one connection and nothing else (G3). */
export const setupLinks = pgTable(
  "setup_links",
  {
    ...tenantColumns,
    connectionId: uuid("connection_id").notNull(),
    tokenHash: bytes("token_hash").notNull(),
    toAddress: text("to_address").notNull(),
    createdBy: uuid("created_by"),
    openedAt: at("opened_at"),
    expiresAt: at("expires_at").notNull(),
    endedAt: at("ended_at"),
  },
  (t) => [
    primaryKey({ name: "setup_links_pkey", columns: [t.tenantId, t.id] }),
    unique("setup_links_token_key").on(t.tenantId, t.tokenHash),
    uniqueIndex("setup_links_active_key").on(t.tenantId).where(sql`ended_at is null`),
    foreignKey({
      name: "setup_links_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Warnings about a certificate that have gone out: each once (G10). */
export const certificateWarnings = pgTable(
  "certificate_warnings",
  {
    ...tenantKey,
    connectionId: uuid("connection_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    daysBefore: integer("days_before").notNull(),
  },
  (t) => [
    primaryKey({
      name: "certificate_warnings_pkey",
      columns: [t.tenantId, t.connectionId, t.fingerprint, t.daysBefore],
    }),
    foreignKey({
      name: "certificate_warnings_connection_fk",
      columns: [t.tenantId, t.connectionId],
      foreignColumns: [connections.tenantId, connections.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** From when a firm's staff, or everybody, signs in by SSO alone (G5). One row at most for each firm. */
export const ssoEnforcements = pgTable(
  "sso_enforcements",
  {
    ...tenantKey,
    scope: text("scope", { enum: ["staff", "everybody"] }).notNull(),
    enforcedFrom: at("enforced_from").notNull(),
    decidedBy: uuid("decided_by"),
  },
  (t) => [
    primaryKey({ name: "sso_enforcements_pkey", columns: [t.tenantId] }),
    tenantReference("sso_enforcements", t.tenantId),
    tenantIsolation(),
  ],
);

/**
 * Members who may come in by a device-bound passkey while SSO is enforced or away (J3, DEC19). Proposed by one
 * administrator, armed by another (J4), for a time.
 */
export const breakGlass = pgTable(
  "break_glass",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    proposedBy: uuid("proposed_by").notNull(),
    armedBy: uuid("armed_by"),
    armedAt: at("armed_at"),
    /** The passkey that it was armed for, and the only one that it opens to. */
    passkeyId: uuid("passkey_id"),
    expiresAt: at("expires_at").notNull(),
    endedAt: at("ended_at"),
    lastUsedAt: at("last_used_at"),
  },
  (t) => [
    primaryKey({ name: "break_glass_pkey", columns: [t.tenantId, t.id] }),
    uniqueIndex("break_glass_member_key").on(t.tenantId, t.memberId).where(sql`ended_at is null`),
    check("break_glass_two_people", sql`${t.armedBy} is distinct from ${t.proposedBy}`),
    foreignKey({
      name: "break_glass_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
