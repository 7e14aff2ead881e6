import { askPrepared } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import type { Actor, Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { presentTenant } from "#lib/tenancy/present-tenant.ts";
import { isWellFormed } from "./api-token.ts";

export type ApiTokenRow = {
  state: "live" | "revoked" | "expired" | "disabled";
  token_id: string;
  scopes: string[];
  expires_at: string;
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
  tenant_version: string;
};

export type ApiTokenReading =
  /** The firm is the present one: what was kept of it may have been out of date. */
  | { state: "full"; tenant: Tenant; actor: Actor }
  | { state: "none"; reason: "malformed" | "unknown" | "revoked" | "expired" | "disabled" };

/**
 * Whom an API token of this firm speaks for, asked of the database each time. It may do what its owner may do now, and
 * of that only what it was made for.
 */
export async function readApiToken(tenant: Tenant, source: string, token: string): Promise<ApiTokenReading> {
  if (!isWellFormed(token)) return { state: "none", reason: "malformed" };
  return apiTokenReadingOf(tenant, await findRow(tenant, source, token));
}

async function findRow(tenant: Tenant, source: string, token: string): Promise<ApiTokenRow | undefined> {
  try {
    const [row] = await askPrepared<ApiTokenRow>("select * from read_api_token($1, $2, $3)", [
      tenant.id,
      sha256(token),
      source,
    ]);
    return row;
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}

/** What a row of read_api_token says; no row is a token that this firm never gave. */
export async function apiTokenReadingOf(
  tenant: Tenant,
  row: ApiTokenRow | undefined,
): Promise<ApiTokenReading> {
  if (!row) return { state: "none", reason: "unknown" };
  const version = Number(row.tenant_version);
  const present = version === tenant.version ? tenant : await presentTenant(tenant);
  if (row.state !== "live") return { state: "none", reason: row.state };
  if (!present) return { state: "none", reason: "disabled" };
  return { state: "full", tenant: present, actor: actorOf(row) };
}

function actorOf(row: ApiTokenRow): Actor {
  const held = effectivePermissions(row.member_kind, row.permissions);
  return {
    memberId: row.member_id,
    sessionId: row.token_id,
    byApiToken: true,
    kind: row.member_kind,
    name: row.name,
    username: row.username,
    email: row.email ?? undefined,
    groupName: row.group_name,
    permissions: new Set([...held].filter((permission) => row.scopes.includes(permission))),
    clientScope: row.client_scope,
    timeZone: row.time_zone ?? undefined,
    token: { madeAt: new Date(row.started_at), expiresAt: new Date(row.expires_at) },
  };
}
