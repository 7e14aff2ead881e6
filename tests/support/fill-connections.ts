import { owner } from "./database.ts";

/** A row of each table of single sign-on and directory sync, written by the owner. */
export async function fillConnections(id: string, memberId: string): Promise<void> {
  const sql = owner();
  const [connection] = await sql`
    insert into connections (tenant_id, kind, name) values (${id}, 'oidc', 'n') returning id`;
  const at = connection?.id as string;
  const [configuration] = await sql`
    insert into connection_configurations (tenant_id, connection_id, settings) values (${id}, ${at}, '{}') returning id`;
  const by = configuration?.id as string;
  await sql`insert into connection_group_rules (tenant_id, connection_id, position, group_value, security_group_id)
    select tenant_id, ${at}, 1, 'g', id from security_groups where tenant_id = ${id} limit 1`;
  await sql`insert into connection_domains (tenant_id, connection_id, domain, challenge) values (${id}, ${at}, 'd', 'c')`;
  await sql`insert into sso_flows (tenant_id, token_hash, connection_id, configuration_id, purpose, next, expires_at)
    values (${id}, '\\x00', ${at}, ${by}, 'sign_in', '/', now())`;
  await sql`insert into spent_messages (tenant_id, connection_id, kind, message_hash, expires_at)
    values (${id}, ${at}, 'assertion', '\\x00', now())`;
  await sql`insert into provider_sessions (tenant_id, session_id, connection_id, configuration_id, subject)
    select tenant_id, id, ${at}, ${by}, 's' from sessions where tenant_id = ${id} limit 1`;
  await sql`insert into link_requests (tenant_id, token_hash, connection_id, subject, claims, expires_at)
    values (${id}, '\\x00', ${at}, 's', '{}', now())`;
  await sql`insert into setup_links (tenant_id, connection_id, token_hash, to_address, expires_at)
    values (${id}, ${at}, '\\x00', 'a', now())`;
  await sql`insert into certificate_warnings (tenant_id, connection_id, fingerprint, days_before)
    values (${id}, ${at}, 'f', 60)`;
  await sql`insert into sso_enforcements (tenant_id, scope, enforced_from) values (${id}, 'staff', now())`;
  await sql`insert into break_glass (tenant_id, member_id, proposed_by, expires_at)
    values (${id}, ${memberId}, ${memberId}, now())`;
  await fillDirectory(id, at, memberId);
}

async function fillDirectory(id: string, connectionId: string, memberId: string): Promise<void> {
  const sql = owner();
  await sql`insert into scim_tokens (tenant_id, connection_id, name, token_hash, shown_prefix, expires_at)
    values (${id}, ${connectionId}, 'n', '\\x00', 'p', now())`;
  const [user] = await sql`
    insert into scim_users (tenant_id, connection_id, member_id, user_name, user_name_key, attributes, changed_at)
    values (${id}, ${connectionId}, ${memberId}, 'u', 'u', '{}', now()) returning id`;
  const [group] = await sql`
    insert into scim_groups (tenant_id, connection_id, display_name, display_name_key, changed_at)
    values (${id}, ${connectionId}, 'g', 'g', now()) returning id`;
  await sql`insert into scim_group_members (tenant_id, group_id, user_id) values (${id}, ${group?.id}, ${user?.id})`;
  await sql`insert into scim_requests (tenant_id, connection_id, operation, status) values (${id}, ${connectionId}, 'o', 200)`;
}
