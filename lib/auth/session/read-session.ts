import { askPrepared } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import type { Actor, PendingActor, Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import type { Proof } from "#lib/policy/second-factor.ts";
import type { ChangeReason, Duty } from "#lib/policy/session.ts";
import { presentTenant } from "#lib/tenancy/present-tenant.ts";

export type SessionRow = {
  state: "live" | "revoked" | "expired" | "reused" | "disabled" | "wrong_host";
  session_id: string;
  kind: "pending" | "full";
  duties: Duty[];
  change_reason: ChangeReason | null;
  method: "password" | "passkey" | "sso";
  expires_at: string;
  idle_minutes: number;
  proofs: Proof[];
  proven_at: string;
  factor_at: string | null;
  member_id: string;
  member_kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
  group_name: string;
  permissions: string[];
  client_scope: "all" | "assigned";
  time_zone: string | null;
  started_at: string;
  last_seen_at: string;
  as_of: string;
  tenant_version: string;
};

export type SessionReading =
  /** The firm is the present one: what was kept of it may have been out of date. */
  | { state: "full"; tenant: Tenant; actor: Actor; expiresAt: Date }
  | { state: "pending"; tenant: Tenant; pending: PendingActor }
  /**
   * `unknown` is a token that this firm never gave: made up, or another firm's. `reused` is one that was exchanged for a
   * new one long ago: its session has ended with that (I4).
   */
  | { state: "none"; reason: "reused"; memberId: string; sessionId: string }
  | { state: "none"; reason: "unknown" | "revoked" | "expired" | "disabled" | "wrong_host" };

/**
 * Whom a session token of this firm stands for, asked of the database each time: what was revoked is out on its
 * next request in every process (SEC48). The firm is part of the key, so a cookie of another one is unknown.
 */
export async function readSession(tenant: Tenant, host: string, token: string): Promise<SessionReading> {
  if (!looksLikeSessionToken(token)) return { state: "none", reason: "unknown" };
  return sessionReadingOf(tenant, await findRow(tenant, host, token));
}

/** By its length; anything else is not asked of the database. */
export function looksLikeSessionToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

async function findRow(tenant: Tenant, host: string, token: string): Promise<SessionRow | undefined> {
  try {
    const [row] = await askPrepared<SessionRow>("select * from read_session($1, $2, $3)", [
      tenant.id,
      sha256(token),
      host,
    ]);
    return row;
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}

/** What a row of read_session says; no row is a token that this firm never gave. */
export async function sessionReadingOf(tenant: Tenant, row: SessionRow | undefined): Promise<SessionReading> {
  if (!row) return { state: "none", reason: "unknown" };
  const version = Number(row.tenant_version);
  const present = version === tenant.version ? tenant : await presentTenant(tenant);
  if (row.state === "reused")
    return { state: "none", reason: "reused", memberId: row.member_id, sessionId: row.session_id };
  if (row.state !== "live") return { state: "none", reason: row.state };
  if (!present) return { state: "none", reason: "disabled" };
  return row.kind === "pending"
    ? { state: "pending", tenant: present, pending: pendingActorOf(row) }
    : fullSessionOf(present, row);
}

function fullSessionOf(tenant: Tenant, row: SessionRow): SessionReading {
  const expiresAt = new Date(row.expires_at);
  const actor: Actor = {
    memberId: row.member_id,
    sessionId: row.session_id,
    kind: row.member_kind,
    name: row.name,
    username: row.username,
    email: row.email ?? undefined,
    groupName: row.group_name,
    permissions: effectivePermissions(row.member_kind, row.permissions),
    clientScope: row.client_scope,
    timeZone: row.time_zone ?? undefined,
    proven: { at: new Date(row.proven_at), factorAt: row.factor_at ? new Date(row.factor_at) : undefined },
    limits: { idleMinutes: row.idle_minutes, expiresAt },
    begun: {
      method: row.method,
      proofs: row.proofs,
      at: new Date(row.started_at),
      lastSeenAt: new Date(row.last_seen_at),
      asOf: new Date(row.as_of),
    },
  };
  return { state: "full", tenant, actor, expiresAt };
}

function pendingActorOf(row: SessionRow): PendingActor {
  return {
    memberId: row.member_id,
    sessionId: row.session_id,
    name: row.name,
    username: row.username,
    duties: row.duties,
    proofs: row.proofs,
    changeReason: row.change_reason ?? undefined,
  };
}
