import { OIDC } from "#tests/support/oidc-settings.ts";
import type { Database } from "./database.ts";

/** One row of each kind that an address can name. */
export type Rows = Record<
  | "client"
  | "workspace"
  | "staff"
  | "deleted"
  | "contact"
  | "group"
  | "batch"
  | "request"
  | "import"
  | "invitation"
  | "token"
  | "session"
  | "connection"
  | "flow",
  string
>;

const ABSENT = "00000000-0000-4000-8000-000000000000";

/** Ids that no firm has. */
export const NOBODY = Object.fromEntries(
  [
    "client",
    "workspace",
    "staff",
    "deleted",
    "contact",
    "group",
    "batch",
    "request",
    "import",
    "invitation",
    "token",
    "session",
    "connection",
    "flow",
  ].map((kind) => [kind, ABSENT]),
) as Rows;

/** What there is in a firm before anybody has done anything in it; `ada` is an administrator of it, in that group. */
export type Found = Pick<Rows, "client" | "workspace" | "staff" | "contact"> & {
  tenant: string;
  ada: string;
  administrators: string;
};

/** Ids of the rows of a firm of these tests. */
export async function rowsOf(database: Database, slug: string): Promise<Rows> {
  const [found] = await database<Found[]>`
    select t.id as tenant, c.id as client, w.id as workspace, s.id as staff, k.id as contact, a.id as ada, a.security_group_id as administrators
      from tenants t
      join clients c on c.tenant_id = t.id and c.name = 'Kowalska Studio'
      join workspaces w on w.tenant_id = t.id and w.client_id = c.id
      join members s on s.tenant_id = t.id and s.username = 'tom'
      join members a on a.tenant_id = t.id and a.username = 'ada'
      join members k on k.tenant_id = t.id and k.email = 'marta@customer.example'
     where t.slug = ${slug}`;
  if (!found) throw new Error(`${slug} is no firm of these tests.`);
  return withRowsOfWork(database, found);
}

/** Ids of a firm's rows; those that only come with work are made here. */
export async function withRowsOfWork(database: Database, found: Found): Promise<Rows> {
  const { tenant, ada, administrators, ...rows } = found;
  const [made] = await database<
    Pick<Rows, "group" | "deleted" | "batch" | "request" | "import" | "invitation" | "token" | "session">[]
  >`
    with made_group as (
      insert into security_groups (tenant_id, name, permissions, position)
      values (${tenant}, 'Nobody is in it', '{}', 8) returning id),
    gone as (
      insert into members (tenant_id, kind, name, username, username_key, security_group_id, status, deleted_at)
      values (${tenant}, 'staff', 'Gone Person', 'gone', 'gone', ${administrators}, 'disabled', portal_now()) returning id),
    batch as (
      insert into credential_batches (tenant_id, kind, created_by) values (${tenant}, 'staff', ${ada}) returning id),
    request as (
      insert into recovery_requests (tenant_id, origin, typed_name, member_id, reachable_at, source)
      values (${tenant}, 'no_mailbox', 'tom', ${rows.staff}, 'by telephone', '203.0.113.9') returning id),
    upload as (
      insert into imports (tenant_id, kind, file_name, columns, created_by)
      values (${tenant}, 'contact', 'people.csv', '{name}', ${ada}) returning id),
    invitation as (
      insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
      values (${tenant}, ${rows.staff}, 'invitation', sha256(gen_random_uuid()::text::bytea), 'tom@staff.example', 5,
              portal_now() + interval '7 days') returning id),
    token as (
      insert into api_tokens (tenant_id, member_id, token_hash, hint, scopes, created_by, expires_at)
      values (${tenant}, ${ada}, sha256(gen_random_uuid()::text::bytea), 'portal_1234', '{}', ${ada},
              portal_now() + interval '30 days') returning id),
    session as (
      insert into sessions (tenant_id, token_hash, member_id, kind, method, host, source, user_agent, last_seen_at,
        idle_minutes, expires_at)
      values (${tenant}, sha256(gen_random_uuid()::text::bytea), ${rows.staff}, 'full', 'password', 'h', '203.0.113.9', 'u',
              portal_now(), 60, portal_now() + interval '1 day') returning id)
    select made_group.id as "group", gone.id as deleted, batch.id as batch, request.id as request, upload.id as import, invitation.id as invitation, token.id as token, session.id as session
      from made_group, gone, batch, request, upload, invitation, token, session`;
  if (!made) throw new Error(`The rows of ${tenant} were not made.`);
  return { ...rows, ...made, ...(await connectionOf(database, tenant, ada)) };
}

/** A provider that nobody signs in by yet, with a draft that somebody has tested beside what has served. */
async function connectionOf(
  database: Database,
  tenant: string,
  ada: string,
): Promise<Pick<Rows, "connection" | "flow">> {
  const settings = database.json(OIDC);
  const result = database.json({
    ...{ outcome: "came_through", subject: "8f2c", strong: true, mapped: true, groupName: "Regular User" },
    claims: {
      email: "ada@staff.example",
      emailVerified: true,
      name: "Ada Novak",
      groups: ["staff", "editors"],
    },
  });
  const [made] = await database<Pick<Rows, "connection" | "flow">[]>`
    with connection as (
      insert into connections (tenant_id, kind, name, provider, state)
      values (${tenant}, 'oidc', 'Entra ID', 'entra', 'testing') returning id),
    configurations as (
      insert into connection_configurations (tenant_id, connection_id, role, settings, serving_since, tested_at, successes)
      select ${tenant}, id, role, ${settings}, portal_now(), portal_now(), 12
        from connection, unnest(array['serving', 'draft', 'past']) role returning id, role),
    domains as (
      insert into connection_domains (tenant_id, connection_id, domain, challenge, proven_at, checked_at)
      select ${tenant}, id, domain, 'portal-domain-proof=4f9c', proven, proven
        from connection, (values ('staff.example', portal_now()), ('sub.staff.example', null)) d (domain, proven)),
    rule as (
      insert into connection_group_rules (tenant_id, connection_id, position, group_value, security_group_id)
      select ${tenant}, connection.id, row_number() over (), preset, g.id from connection, security_groups g
       where g.tenant_id = ${tenant} and g.preset in ('regular', 'read_only')),
    flow as (
      insert into sso_flows (tenant_id, token_hash, connection_id, configuration_id, purpose, member_id, next, expires_at, result)
      select ${tenant}, sha256(gen_random_uuid()::text::bytea), connection.id, configurations.id, 'test', ${ada}, '/',
             portal_now(), ${result} from connection, configurations where role = 'draft' returning id)
    select connection.id as connection, flow.id as flow from connection, flow`;
  if (!made) throw new Error("The connection was not made.");
  return made;
}
