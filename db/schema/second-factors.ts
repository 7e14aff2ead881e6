import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytes, tenantColumns, tenantIsolation, tenantKey } from "./columns.ts";
import { members } from "./members.ts";
import { tenantReference } from "./tenant-reference.ts";

/**
 * Authenticator apps (RFC 6238). The secret is sealed for its row; one counts once a code of it has been typed. `last_step`
 * is the newest time step that was accepted: none is accepted twice. `key_id` names the key that sealed the secret.
 */
export const totpFactors = pgTable(
  "totp_factors",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    sealedSecret: text("sealed_secret").notNull(),
    keyId: text("key_id").notNull(),
    /** The session in which it was begun: there alone it is shown and confirmed. */
    begunIn: uuid("begun_in"),
    confirmedAt: at("confirmed_at"),
    lastStep: bigint("last_step", { mode: "number" }),
    lastUsedAt: at("last_used_at"),
  },
  (t) => [
    primaryKey({ name: "totp_factors_pkey", columns: [t.tenantId, t.id] }),
    uniqueIndex("totp_factors_confirmed_key").on(t.tenantId, t.memberId).where(sql`confirmed_at is not null`),
    uniqueIndex("totp_factors_begun_key").on(t.tenantId, t.memberId).where(sql`confirmed_at is null`),
    index("totp_factors_by_key").on(t.keyId),
    foreignKey({
      name: "totp_factors_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Recovery codes, each good once. What lies here is the sealed hash: 80 bits are few for a plain one (SEC35). */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    sealedHash: text("sealed_hash").notNull(),
    keyId: text("key_id").notNull(),
    usedAt: at("used_at"),
  },
  (t) => [
    primaryKey({ name: "recovery_codes_pkey", columns: [t.tenantId, t.id] }),
    index("recovery_codes_by_member").on(t.tenantId, t.memberId),
    index("recovery_codes_by_key").on(t.keyId),
    foreignKey({
      name: "recovery_codes_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Passkeys and security keys (WebAuthn). A credential belongs to one member of one firm. */
export const passkeys = pgTable(
  "passkeys",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    credentialId: text("credential_id").notNull(),
    publicKey: bytes("public_key").notNull(),
    /** What the authenticator knows the member by: random, the same for all of them (SEC40). */
    userHandle: text("user_handle").notNull(),
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull().default(sql`'{}'`),
    aaguid: text("aaguid").notNull(),
    /** Whether it can be, and is, kept in more than one device (BE, BS). */
    backupEligible: boolean("backup_eligible").notNull(),
    backedUp: boolean("backed_up").notNull(),
    name: text("name").notNull(),
    lastUsedAt: at("last_used_at"),
    /** A counter went backwards: somebody may have a copy, and it is refused from then on (F2). */
    suspectedAt: at("suspected_at"),
  },
  (t) => [
    primaryKey({ name: "passkeys_pkey", columns: [t.tenantId, t.id] }),
    unique("passkeys_credential_key").on(t.tenantId, t.credentialId),
    index("passkeys_by_member").on(t.tenantId, t.memberId),
    foreignKey({
      name: "passkeys_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);

/** Challenges that have been answered: none is good a second time (SEC41). */
export const spentChallenges = pgTable(
  "spent_challenges",
  { ...tenantKey, challengeHash: bytes("challenge_hash").notNull(), expiresAt: at("expires_at").notNull() },
  (t) => [
    primaryKey({ name: "spent_challenges_pkey", columns: [t.tenantId, t.challengeHash] }),
    index("spent_challenges_by_expiry").on(t.expiresAt),
    tenantReference("spent_challenges", t.tenantId),
    tenantIsolation(),
  ],
);

/**
 * Requests to take all second factors of somebody away who has lost them (F3): asked for, confirmed from the mailbox,
 * held for a day in which they can be cancelled, then done.
 */
export const factorResets = pgTable(
  "factor_resets",
  {
    ...tenantColumns,
    memberId: uuid("member_id").notNull(),
    status: text("status", { enum: ["asked", "held", "done", "cancelled"] }).notNull(),
    source: text("source").notNull(),
    heldUntil: at("held_until"),
    endedAt: at("ended_at"),
    endedReason: text("ended_reason"),
  },
  (t) => [
    primaryKey({ name: "factor_resets_pkey", columns: [t.tenantId, t.id] }),
    uniqueIndex("factor_resets_open_key").on(t.tenantId, t.memberId).where(sql`status in ('asked', 'held')`),
    index("factor_resets_by_hold").on(t.heldUntil).where(sql`status = 'held'`),
    check("factor_resets_held_has_end", sql`${t.status} <> 'held' or ${t.heldUntil} is not null`),
    foreignKey({
      name: "factor_resets_member_fk",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    tenantIsolation(),
  ],
);
