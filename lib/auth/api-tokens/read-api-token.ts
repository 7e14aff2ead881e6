import { sql } from "drizzle-orm";
import { callAcrossTenants } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import type { Actor, Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { isWellFormed } from "./api-token.ts";

type Row = {
  state: "live" | "revoked" | "expired" | "disabled";
  token_id: string;
  scopes: string[];
  member_id: string;
  member_kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | null;
  group_name: string;
  permissions: string[];
  client_scope: "all" | "assigned";
  time_zone: string | null;
};

export type ApiTokenReading =
  | { state: "full"; actor: Actor }
  | { state: "none"; reason: "malformed" | "unknown" | "revoked" | "expired" | "disabled" };

/**
 * Whom an API token of this firm speaks for, asked of the database each time. It may do what its owner may do now, and
 * of that only what it was made for.
 */
export async function readApiToken(tenant: Tenant, source: string, token: string): Promise<ApiTokenReading> {
  if (!isWellFormed(token)) return { state: "none", reason: "malformed" };
  const row = await findRow(tenant, source, token);
  if (!row) return { state: "none", reason: "unknown" };
  return row.state === "live" ? { state: "full", actor: actorOf(row) } : { state: "none", reason: row.state };
}

async function findRow(tenant: Tenant, source: string, token: string): Promise<Row | undefined> {
  try {
    const [row] = await callAcrossTenants<Row>(
      sql`select * from read_api_token(${tenant.id}, ${sha256(token)}, ${source})`,
    );
    return row;
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}

function actorOf(row: Row): Actor {
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
  };
}
