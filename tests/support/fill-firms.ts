import type postgres from "postgres";
import { GROUP_PRESETS } from "#lib/access/permissions.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { loadInBulk } from "./bulk-load.ts";
import { FIRST_NAMES, LAST_NAME_BEGINNINGS, LAST_NAME_ENDS, MIDDLE_NAMES } from "./crowd-names.ts";
import { GOOD_PASSWORD } from "./tenants.ts";

/** From so many rows on, taking indexes away and making them again is the shorter way. */
const WORTH_IT = 50_000;

type Firms = { /** The number of the first one; that of the one after it is one more. */ from?: number };

/**
 * So many firms, each as `createTenant` makes it, with one Administrator who has `GOOD_PASSWORD`: `filled-1`, `filled-2`
 * and so on. By the owner's connection. Drawn from their numbers, and so the same each time.
 */
export async function fillFirms(owner: postgres.Sql, count: number, { from = 1 }: Firms = {}): Promise<void> {
  const password = await aPassword();
  const loading = { tables: ["security_groups", ...PEOPLE], inBulk: count >= WORTH_IT, from, count };
  await load(owner, loading, async (sql, part) => {
    const filled = sql`pg_temp.filled(${part.from}, ${part.count})`;
    await sql`
      insert into tenants (id, slug, name)
      select id, 'filled-' || n, pg_temp.last_name(n, 1) || ' & ' || pg_temp.last_name(n, 2) || ' LLP' from ${filled}`;
    await sql`
      insert into security_groups (tenant_id, name, preset, permissions, position)
      select t.id, g.name, g.preset, g.permissions, g.position
        from ${filled} t
       cross join jsonb_to_recordset(${sql.json(GROUPS)})
             g(name text, preset text, permissions text[], position integer)`;
    const administrators = sql`
      select t.id as tenant_id, pg_temp.moment() as created_at, pg_temp.id_of('administrator', t.n) as id, 'staff' as kind,
             pg_temp.full_name(t.n) as name, 'admin' as username, 'admin@filled-' || t.n || '.example' as email
        from ${filled} t`;
    await sql`
      insert into members (tenant_id, id, kind, name, username, username_key, email, email_key, created_at, security_group_id)
      select a.tenant_id, a.id, a.kind, a.name, a.username, a.username, a.email, a.email, a.created_at, g.id
        from (${administrators}) a
        join security_groups g on g.tenant_id = a.tenant_id and g.preset = 'administrator'`;
    await addTerms(sql, administrators);
    await sql`
      insert into password_credentials (tenant_id, member_id, hash, changed_at, accepted_under)
      select t.id, pg_temp.id_of('administrator', t.n), ${password.hash}, pg_temp.moment(), ${sql.json(password.rules)}
        from ${filled} t`;
  });
  await owner`analyze`;
}

type Crowd = {
  tenantId: string;
  members: number;
  /** Whether indexes are taken away meanwhile. Then whatever reads the tables goes through all of them. */
  inBulk?: boolean;
};

/**
 * People of one firm and what comes of them: a fifth staff, the others contacts of clients (one for fifty people), most
 * with a password (`GOOD_PASSWORD`), a tenth signed in, one of a hundred with an API token, as many events as people. Some
 * are disabled, some deleted. Names are unevenly common, as names are. By the owner's connections; drawn from the firm and
 * their numbers, and so the same each time.
 */
export async function fillFirm(owner: postgres.Sql, crowd: Crowd): Promise<void> {
  const { tenantId, members, inBulk = members >= WORTH_IT } = crowd;
  const password = await aPassword();
  const loading = { tables: [...PEOPLE, ...OF_PEOPLE], inBulk, from: 1, count: members };
  await load(owner, loading, async (sql, part) => {
    await addMembers(sql, tenantId, part);
    await addTerms(
      sql,
      sql`select ${tenantId}::uuid as tenant_id, created_at, id, kind, name, account as username, account || '@' || domain as email from crowd`,
    );
    await sql`
      insert into password_credentials (tenant_id, member_id, hash, changed_at, accepted_under, created_at)
      select ${tenantId}::uuid, id, ${password.hash}, pg_temp.moment() - random_part * interval '300 days',
             ${sql.json(password.rules)}, created_at
        from (select *, pg_temp.draw(n, 21) as random_part from crowd) c where pg_temp.draw(n, 20) < 0.9`;
    const clients = Math.ceil(members / PEOPLE_OF_CLIENT);
    if (part.from === 1) await addClients(sql, tenantId, clients);
    await addToClients(sql, tenantId, clients);
    await addSessions(sql, tenantId);
    await addTokens(sql, tenantId);
    await addMails(sql, tenantId);
    await addEvents(sql, tenantId);
  });
  await owner`analyze`;
}

/** The token of the session that the nth person of a filled firm has, where n is a multiple of ten. */
export function filledSessionToken(tenantId: string, n: number): string {
  return sha256(`session of ${tenantId} ${n}`).toString("base64url");
}

/** Where a filled firm's people are signed in: sessions hold for one host. */
export const FILLED_HOST = "filled.portal.localhost";

const PEOPLE = ["members", "member_search_terms", "password_credentials"];

const OF_PEOPLE = [
  ...["clients", "client_search_terms", "workspaces", "client_contacts", "client_staff"],
  ...["sessions", "api_tokens", "one_time_secrets", "outbox_emails", "audit_events"],
];

const PEOPLE_OF_CLIENT = 50;

const GROUPS = GROUP_PRESETS.map((group, position) => ({ ...group, position }));

async function aPassword() {
  return { hash: await hashPassword(GOOD_PASSWORD), rules: rulesOf(RECOMMENDED) };
}

/** So many, from one of them on. */
type Part = { from: number; count: number };

type Loading = Part & { tables: string[]; inBulk: boolean };

/** One connection writes its rows on one core. */
const LANES = 2;

/** Few at once, whole or not at all; many by as many connections as there are lanes. */
async function load(
  owner: postgres.Sql,
  { tables, inBulk, ...all }: Loading,
  write: (sql: postgres.TransactionSql, part: Part) => Promise<void>,
): Promise<void> {
  const [clock] = await owner`select portal_now()::text as now`;
  const lane = (part: Part, triggers: string[] = []) =>
    owner.begin(async (sql) => {
      await sql`set local statement_timeout = 0`;
      await sql`set local work_mem = '256MB'`;
      await sql.unsafe(functionsAt(clock?.now));
      for (const table of triggers) await sql`alter table ${sql(table)} disable trigger user`;
      await write(sql, part);
      for (const table of triggers) await sql`alter table ${sql(table)} enable trigger user`;
    });
  if (!inBulk) await lane(all, tables);
  else await loadInBulk(owner, tables, () => Promise.all(partsOf(all).map((part) => lane(part))));
}

function partsOf({ from, count }: Part): Part[] {
  const size = Math.ceil(count / LANES);
  return Array.from({ length: LANES }, (_, n) => ({
    from: from + n * size,
    count: Math.min(size, count - n * size),
  }));
}

const texts = (words: readonly string[]) => `array[${words.map((word) => `'${word}'`).join(", ")}]`;

/** The clock is asked once: a million times would take longer than the rest. `draw` gives what looks like chance, from 0 to below 1; the square of it makes the first of a list the most common. An id has the version of those that are made by a rule of one's own (RFC 9562, 5.8). */
const functionsAt = (now: string) => `
  create or replace function pg_temp.moment() returns timestamptz language sql immutable return '${now}'::timestamptz;
  create or replace function pg_temp.draw(n bigint, what integer) returns float8 language sql immutable
    return (hashint8extended(n, what) & 2147483647)::float8 / '2147483648'::float8;
  create or replace function pg_temp.id_of(what text, n bigint) returns uuid language sql immutable
    return overlay(overlay(md5(what || ' ' || n::text) placing '8' from 13) placing '8' from 17)::uuid;
  create or replace function pg_temp.first_name(n bigint) returns text language sql immutable
    return (${texts(FIRST_NAMES)})[1 + floor(${FIRST_NAMES.length} * pg_temp.draw(n, 1) ^ 2)::integer];
  create or replace function pg_temp.last_name(n bigint, what integer) returns text language sql immutable
    return (${texts(LAST_NAME_BEGINNINGS)})[1 + floor(${LAST_NAME_BEGINNINGS.length} * pg_temp.draw(n, what + 100) ^ 2)::integer]
      || (${texts(LAST_NAME_ENDS)})[1 + floor(${LAST_NAME_ENDS.length} * pg_temp.draw(n, what + 200) ^ 2)::integer];
  create or replace function pg_temp.full_name(n bigint) returns text language sql immutable
    return pg_temp.first_name(n)
      || case when pg_temp.draw(n, 2) < 0.1
              then ' ' || (${texts(MIDDLE_NAMES)})[1 + floor(${MIDDLE_NAMES.length} * pg_temp.draw(n, 3))::integer] else '' end
      || ' ' || pg_temp.last_name(n, 1);
  create or replace function pg_temp.filled(first bigint, number bigint) returns table (n bigint, id uuid) language sql stable
    as $$ select s, pg_temp.id_of('firm', s) from generate_series(first, first + number - 1) s $$;`;

/** The crowd keeps its numbers in a table of the transaction, for everything that is made of them. Its rows lie as they would have been written, day by day. */
async function addMembers(
  sql: postgres.TransactionSql,
  tenantId: string,
  { from, count }: Part,
): Promise<void> {
  await sql`
    create temporary table crowd on commit drop as
    select n, pg_temp.id_of(${`member of ${tenantId}`}, n) as id,
           case when n % 5 = 0 then 'staff' else 'contact' end as kind,
           pg_temp.full_name(n) as name,
           lower(pg_temp.first_name(n) || '.' || replace(pg_temp.last_name(n, 1), '''', '')) || n as account,
           case when n % 5 = 0 then 'firm.example' else 'client' || n / 50 || '.example' end as domain,
           pg_temp.moment() - pg_temp.draw(n, 4) * interval '1000 days' as created_at,
           pg_temp.draw(n, 5) < 0.01 as is_deleted, pg_temp.draw(n, 6) < 0.03 as is_disabled
      from generate_series(${from}::bigint, ${from + count - 1}::bigint) n
     order by created_at`;
  await sql`analyze crowd`;
  await sql`
    insert into members (tenant_id, id, kind, name, username, username_key, email, email_key, status, security_group_id,
                         must_change_password, created_at, last_sign_in_at, deleted_at, invited)
    select ${tenantId}::uuid, c.id, c.kind, c.name, u.username, u.username, c.account || '@' || c.domain, c.account || '@' || c.domain,
           case when c.is_deleted or c.is_disabled then 'disabled' else 'enabled' end, g.id, pg_temp.draw(c.n, 7) < 0.01,
           c.created_at,
           case when pg_temp.draw(c.n, 8) < 0.8
                then pg_temp.moment() - pg_temp.draw(c.n, 9) ^ 2 * (pg_temp.moment() - c.created_at) end,
           case when c.is_deleted then pg_temp.moment() - pg_temp.draw(c.n, 10) * interval '25 days' end, c.n % 20 = 1
      from crowd c
     cross join lateral (
           select case when c.kind = 'staff' then c.account else c.account || '@' || c.domain end as username) u
      join security_groups g on g.tenant_id = ${tenantId} and g.preset = case
           when c.kind = 'contact' then 'contact' when c.n <= 50 then 'administrator'
           when pg_temp.draw(c.n, 11) < 0.7 then 'regular' when pg_temp.draw(c.n, 11) < 0.9 then 'regular_no_delete'
           else 'read_only' end`;
}

/**
 * By the rule of `search_terms`, written as one statement: to call that function for each of a million people takes longer
 * than all the rest. A test holds the two together. Of contacts the username is the address.
 */
async function addTerms(
  sql: postgres.TransactionSql,
  people: postgres.PendingQuery<postgres.Row[]>,
): Promise<void> {
  await sql`
    insert into member_search_terms (tenant_id, created_at, member_id, kind, term)
    select p.tenant_id, p.created_at, p.id, s.kind, s.term
      from (${people}) p
     cross join lateral (
           select 'name' as kind, array_to_string(w.words[i:], ' ') as term
             from (select string_to_array(lower(p.name), ' ') as words) w, generate_subscripts(w.words, 1) i
            union all
           select 'username', p.username where p.kind = 'staff'
            union all
           select 'address', p.email) s`;
}

/** Their numbers begin with 0. */
const clientIdOf = (
  sql: postgres.TransactionSql,
  tenantId: string,
  number: postgres.PendingQuery<postgres.Row[]>,
) => sql`pg_temp.id_of(${`client of ${tenantId}`}, ${number})`;

async function addClients(sql: postgres.TransactionSql, tenantId: string, last: number): Promise<void> {
  const id = clientIdOf(sql, tenantId, sql`n`);
  await sql`
    insert into clients (tenant_id, id, name, created_at, deleted_at)
    select ${tenantId}::uuid, ${id}, pg_temp.last_name(n, 3) || ' ' || pg_temp.last_name(n, 4) || ' ' || n,
           pg_temp.moment() - pg_temp.draw(n, 30) * interval '1000 days',
           case when pg_temp.draw(n, 31) < 0.01 then pg_temp.moment() - interval '3 days' end
      from generate_series(0, ${last}::bigint) n`;
  await sql`
    insert into client_search_terms (tenant_id, client_id, term)
    select c.tenant_id, c.id, s.term
      from clients c cross join lateral search_terms(c.name, '', null) s
     where c.tenant_id = ${tenantId} and s.kind = 'name'`;
  await sql`
    insert into workspaces (tenant_id, client_id) select ${tenantId}::uuid, ${id} from generate_series(0, ${last}::bigint) n`;
}

async function addToClients(sql: postgres.TransactionSql, tenantId: string, last: number): Promise<void> {
  const own = clientIdOf(sql, tenantId, sql`n / ${PEOPLE_OF_CLIENT}`);
  await sql`
    insert into client_contacts (tenant_id, client_id, member_id, created_at)
    select ${tenantId}::uuid, ${own}, id, created_at from crowd where kind = 'contact'
     union all
    select ${tenantId}::uuid, ${clientIdOf(sql, tenantId, sql`other`)}, id, created_at
      from (select *, floor(pg_temp.draw(n, 32) * ${last})::bigint as other from crowd) c
     where kind = 'contact' and pg_temp.draw(n, 33) < 0.05 and other <> n / ${PEOPLE_OF_CLIENT}`;
  await sql`
    insert into client_staff (tenant_id, client_id, member_id)
    select ${tenantId}::uuid, ${own}, id from crowd where kind = 'staff' and n % 25 = 0`;
}

async function addSessions(sql: postgres.TransactionSql, tenantId: string): Promise<void> {
  await sql`
    insert into sessions (tenant_id, id, token_hash, member_id, kind, method, proofs, host, source, user_agent, created_at,
                          proven_at, last_seen_at, idle_minutes, expires_at)
    select ${tenantId}::uuid, pg_temp.id_of(${`session of ${tenantId}`}, n),
           sha256(rtrim(translate(encode(sha256((${`session of ${tenantId} `} || n)::bytea), 'base64'), '+/', '-_'), '=')::bytea),
           id, 'full', 'password', '{password}', ${FILLED_HOST}, '203.0.113.' || n % 250, 'a browser', pg_temp.moment(), pg_temp.moment(),
           pg_temp.moment(), 1440, pg_temp.moment() + interval '30 days'
      from crowd where n % 10 = 0`;
}

async function addTokens(sql: postgres.TransactionSql, tenantId: string): Promise<void> {
  await sql`
    insert into api_tokens (tenant_id, member_id, token_hash, hint, scopes, created_by, created_at, expires_at, ended_at)
    select ${tenantId}::uuid, id, sha256((${`api token of ${tenantId} `} || n)::bytea), 'portal_' || n % 10000, '{members:read}', id,
           pg_temp.moment() - pg_temp.draw(n, 40) * interval '80 days', pg_temp.moment() + interval '90 days',
           case when n % 400 = 0 then pg_temp.moment() end
      from crowd where n % 100 = 0`;
}

async function addMails(sql: postgres.TransactionSql, tenantId: string): Promise<void> {
  await sql`
    insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, created_at,
                                  expires_at, ended_at, ended_reason)
    select ${tenantId}::uuid, id, 'invitation', sha256((${`secret of ${tenantId} `} || n)::bytea), account || '@' || domain, 5,
           pg_temp.moment() - interval '2 days', pg_temp.moment() + interval '12 days',
           case when n % 3 = 0 then pg_temp.moment() end, case when n % 3 = 0 then 'consumed' end
      from crowd where n % 20 = 1`;
  await sql`
    insert into outbox_emails (tenant_id, member_id, template, to_address, status, created_at, minted_at, sent_at)
    select ${tenantId}::uuid, id, 'invitation', account || '@' || domain, 'sent', pg_temp.moment() - interval '2 days',
           pg_temp.moment() - interval '2 days', pg_temp.moment() - interval '2 days'
      from crowd where n % 20 = 1`;
}

/** Mostly sign-ins, as in any log. */
async function addEvents(sql: postgres.TransactionSql, tenantId: string): Promise<void> {
  await sql`
    insert into audit_events (tenant_id, event, actor_kind, actor_id, target_id, source, request_id, created_at, detail)
    select ${tenantId}::uuid,
           case when pg_temp.draw(n, 50) < 0.8 then 'session.started' when pg_temp.draw(n, 50) < 0.9 then 'sign_in.refused'
                when pg_temp.draw(n, 50) < 0.95 then 'member.created' else 'secret.minted' end,
           'member', id, id, '203.0.113.' || n % 250, 'filled-' || n,
           pg_temp.moment() - pg_temp.draw(n, 51) * interval '365 days',
           case when pg_temp.draw(n, 50) >= 0.95 then '{"purpose": "invitation"}' else '{}' end::jsonb
      from crowd`;
}
