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
  | "session",
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
  ].map((kind) => [kind, ABSENT]),
) as Rows;

/** Ids of a firm's rows; those that only come with work are made here. */
export async function rowsOf(database: Database, slug: string): Promise<Rows> {
  const [found] = await database<(Rows & { tenant: string; ada: string; administrators: string })[]>`
    select t.id as tenant, c.id as client, w.id as workspace, s.id as staff, k.id as contact, a.id as ada, a.security_group_id as administrators
      from tenants t
      join clients c on c.tenant_id = t.id and c.name = 'Kowalska Studio'
      join workspaces w on w.tenant_id = t.id and w.client_id = c.id
      join members s on s.tenant_id = t.id and s.username = 'tom'
      join members a on a.tenant_id = t.id and a.username = 'ada'
      join members k on k.tenant_id = t.id and k.email = 'marta@customer.example'
     where t.slug = ${slug}`;
  if (!found) throw new Error(`${slug} is no firm of these tests.`);
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
  if (!made) throw new Error(`The rows of ${slug} were not made.`);
  return { ...rows, ...made };
}
