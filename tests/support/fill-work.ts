import type postgres from "postgres";
import type { Rows } from "#tests/e2e/support/rows.ts";

type Work = { tenantId: string; rows: Pick<Rows, "client" | "batch" | "import" | "connection"> };

/** A file of people has no more lines than this. */
const LINES = 100_000;

/**
 * What comes of a filled firm's people besides themselves, in the rows that are given: three of ten of its staff, but no administrator, sign in by
 * the connection and have been brought by its directory, some with a session, a tenth of its contacts belong to the client as
 * well, a batch has all of its staff, and a file has as many lines as there are people. One of ten has an authenticator app, one of a hundred
 * wrong passwords. By the owner's connection, whole or not at all.
 */
export async function fillWork(owner: postgres.Sql, work: Work): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    for (const table of BY_STATEMENT) await sql`alter table ${sql(table)} disable trigger user`;
    await federateStaff(sql, work);
    await bringByDirectory(sql, work);
    await addToClient(sql, work);
    await addToBatch(sql, work);
    await addLines(sql, work);
    await addSsoSessions(sql, work);
    await addFactors(sql, work);
    for (const table of BY_STATEMENT) await sql`alter table ${sql(table)} enable trigger user`;
  });
  await owner`analyze`;
}

/** What their triggers do row by row is done here by statements. */
const BY_STATEMENT = ["members", "totp_factors"];

/** About so many of a hundred people, always the same. */
const share = (sql: postgres.TransactionSql, percent: number) =>
  sql`get_byte(uuid_send(m.id), 15) < ${Math.round((percent * 256) / 100)}`;

async function federateStaff(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    update members m set connection_id = ${rows.connection}
     where m.tenant_id = ${tenantId} and m.kind = 'staff' and ${share(sql, 30)}
       and m.security_group_id not in (
           select id from security_groups where tenant_id = ${tenantId} and preset = 'administrator')`;
}

async function addSsoSessions(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    insert into sessions (tenant_id, token_hash, member_id, kind, method, proofs, host, source, user_agent, last_seen_at,
                          idle_minutes, expires_at)
    select tenant_id, sha256(('sso session of ' || id)::bytea), id, 'full', 'sso', '{sso}', 'elsewhere', '203.0.113.9', 'a browser',
           portal_now(), 1440, portal_now() + interval '30 days'
      from members m where tenant_id = ${tenantId} and connection_id = ${rows.connection} and ${share(sql, 3)}`;
}

async function bringByDirectory(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    insert into scim_users (tenant_id, connection_id, member_id, user_name, user_name_key, attributes, changed_at)
    select tenant_id, connection_id, id, username, username_key, '{}', created_at from members
     where tenant_id = ${tenantId} and connection_id = ${rows.connection}`;
  await sql`
    with made as (
      insert into scim_groups (tenant_id, connection_id, display_name, display_name_key, changed_at)
      values (${tenantId}, ${rows.connection}, 'Everybody', 'everybody', portal_now()) returning id)
    insert into scim_group_members (tenant_id, group_id, user_id)
    select u.tenant_id, made.id, u.id from scim_users u, made
     where u.tenant_id = ${tenantId} and u.connection_id = ${rows.connection}`;
}

async function addToClient(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    insert into client_contacts (tenant_id, client_id, member_id)
    select m.tenant_id, ${rows.client}, m.id from members m
     where m.tenant_id = ${tenantId} and m.kind = 'contact' and ${share(sql, 10)}
        on conflict do nothing`;
}

async function addToBatch(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    insert into credential_batch_rows (tenant_id, batch_id, member_id, position, status, reason)
    select m.tenant_id, ${rows.batch}, m.id, row_number() over (order by m.name, m.id),
           case when m.status = 'enabled' then 'waiting' else 'skipped' end,
           case when m.status = 'disabled' then 'disabled' end
      from members m where m.tenant_id = ${tenantId} and m.kind = 'staff' and m.deleted_at is null`;
}

async function addLines(sql: postgres.TransactionSql, { tenantId, rows }: Work): Promise<void> {
  await sql`
    with lines as (
      insert into import_rows (tenant_id, import_id, line, cells, outcome, problems)
      select ${tenantId}::uuid, ${rows.import}, n, array['Person ' || n],
             case when n % 3 = 0 then 'refused' else 'added' end,
             case when n % 3 = 0 then '{"email": ["This is no address."]}'::jsonb end
        from generate_series(1, least(${LINES}, (select count(*) from members where tenant_id = ${tenantId}))) n
      returning outcome)
    update imports set (status, lines, handled, added, refused) = (
           select 'checked', count(*), count(*), count(*) filter (where outcome = 'added'),
                  count(*) filter (where outcome = 'refused') from lines)
     where tenant_id = ${tenantId} and id = ${rows.import}`;
}

/** Every contact of the firm has an authenticator app from now on, as their security group wants it. */
export async function enrolContacts(owner: postgres.Sql, tenantId: string): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    await sql`
      update security_groups set second_factor_from = portal_now() - interval '1 day'
       where tenant_id = ${tenantId} and preset = 'contact'`;
    for (const table of BY_STATEMENT) await sql`alter table ${sql(table)} disable trigger user`;
    await giveApps(sql, sql`m.tenant_id = ${tenantId} and m.kind = 'contact' and not m.has_factor`);
    for (const table of BY_STATEMENT) await sql`alter table ${sql(table)} enable trigger user`;
  });
  await owner`vacuum (analyze)`;
}

async function giveApps(
  sql: postgres.TransactionSql,
  whom: postgres.PendingQuery<postgres.Row[]>,
): Promise<void> {
  await sql`
    with given as (
      insert into totp_factors (tenant_id, member_id, sealed_secret, key_id, confirmed_at)
      select m.tenant_id, m.id, 'sealed', 'none', portal_now() from members m where ${whom}
      returning tenant_id, member_id)
    update members m set has_factor = true from given f where m.tenant_id = f.tenant_id and m.id = f.member_id`;
}

async function addFactors(sql: postgres.TransactionSql, { tenantId }: Work): Promise<void> {
  await giveApps(
    sql,
    sql`m.tenant_id = ${tenantId} and m.email_key not like '%@bench.example' and ${share(sql, 10)}`,
  );
  await sql`
    insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
    select m.tenant_id, m.id, '*', 3, portal_now() from members m where m.tenant_id = ${tenantId} and ${share(sql, 1)}`;
}
