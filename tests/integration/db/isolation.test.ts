import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { checkRuntimeRole } from "#lib/boot/check-runtime-role.ts";
import type { Tenant } from "#lib/core/context.ts";
import { asRuntimeRole, connectAsRuntimeRole, owner, runtimeUrl } from "#tests/support/database.ts";
import { fillConnections } from "#tests/support/fill-connections.ts";
import { tenantTables } from "#tests/support/records.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

/** Tables that belong to no firm. A new one is a decision, and is written here. */
const GLOBAL_TABLES = ["tenants", "test_clock"];

/** What runs with the owner's rights. A new one is a decision, and stands in db/README.md too. */
const SECURITY_DEFINERS = [
  "change_tenant_status",
  "create_tenant",
  "enqueue_credential_batch",
  "enqueue_import",
  "enqueue_outbox_email",
  "find_tenant",
  "link_firms",
  "list_chores",
  "list_linked_firms",
  "list_tenants",
  "list_tenants_sealed_otherwise",
  "purge_expired",
  "purge_factor_traces",
  "purge_sso_traces",
  "read_api_token",
  "read_session",
  "rename_current_tenant",
  "rotate_session",
  "touch_tenant",
  "unlink_firms",
];

type Names = string[];

/** The rules of a tenant table, each as the question for those that break it (HR10). */
const CHECKS: Record<string, (sql: postgres.Sql) => Promise<Names>> = {
  "has row-level security and the one isolation policy": (sql) =>
    names(sql`
      select c.relname as name from pg_class c
      where ${isTenantTable(sql)} and (not c.relrowsecurity or 1 <> (
        select count(*) from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname) or not exists (
        select from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
          and p.policyname = 'tenant_isolation' and p.permissive = 'PERMISSIVE' and p.cmd = 'ALL'
          and p.roles = '{public}' and p.qual = '(tenant_id = current_tenant_id())'
          and p.with_check = '(tenant_id = current_tenant_id())'))`),

  "has a tenant that is never null and is the transaction's own by default": (sql) =>
    names(sql`
      select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where ${isTenantTable(sql)}
        and (not a.attnotnull or pg_get_expr(d.adbin, d.adrelid) is distinct from 'current_tenant_id()')`),

  "has a primary key": (sql) =>
    names(sql`
      select c.relname as name from pg_class c where ${isTenantTable(sql)}
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`),

  "begins every unique key with the tenant": (sql) =>
    names(sql`
      select i.indexrelid::regclass::text as name from pg_class c join pg_index i on i.indrelid = c.oid
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where ${isTenantTable(sql)} and i.indisunique and i.indkey[0] <> a.attnum`),

  "refers to another tenant table by the tenant first, on both sides": (sql) =>
    names(sql`
      select k.conname as name from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
      where ${isTenantTable(sql)} and k.confrelid <> 'tenants'::regclass and (
        (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) <> 'tenant_id'
        or (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) <> 'tenant_id')`),

  "reaches its firm by a foreign key": (sql) =>
    names(sql`
      select c.relname as name from pg_class c where ${isTenantTable(sql)}
        and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f')`),
};

function isTenantTable(sql: postgres.Sql) {
  return sql`c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and exists (
    select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`;
}

async function names(rows: Promise<Iterable<postgres.Row>> | postgres.PendingQuery<postgres.Row[]>) {
  return [...(await rows)].map(({ name }) => name as string);
}

describe("every tenant table (HR10, SEC56)", () => {
  test.each(Object.entries(CHECKS))("%s", async (_, offenders) => {
    expect(await offenders(owner())).toEqual([]);
  });

  test("is the only kind of table, but for a closed list", async () => {
    const rows = await owner()`
      select relname from pg_class where relkind in ('r', 'p', 'm', 'v') and relnamespace = 'public'::regnamespace`;
    const all = rows.map(({ relname }) => relname as string);
    expect(all.sort()).toEqual([...GLOBAL_TABLES, ...(await tenantTables())].sort());
  });
});

describe("a table that somebody forgot to protect is found (A2)", () => {
  const ROLLBACK = new Error("rolled back");

  async function offendersAfter(statement: string): Promise<string[]> {
    const found: string[] = [];
    const attempt = owner().begin(async (sql) => {
      await sql.unsafe(statement);
      for (const [rule, offenders] of Object.entries(CHECKS)) {
        if ((await offenders(sql as unknown as postgres.Sql)).length > 0) found.push(rule);
      }
      throw ROLLBACK;
    });
    await expect(attempt).rejects.toBe(ROLLBACK);
    return found;
  }

  const whole = `create table scratch (tenant_id uuid not null default current_tenant_id() references tenants,
    id uuid, other uuid, primary key (tenant_id, id)); alter table scratch enable row level security;`;
  const policy = `create policy tenant_isolation on scratch
    using (tenant_id = current_tenant_id()) with check (tenant_id = current_tenant_id());`;

  test("while one that is protected passes every rule", async () => {
    expect(await offendersAfter(whole + policy)).toEqual([]);
  });

  test.each([
    ["without a policy", whole],
    [
      "with a policy, but row-level security off",
      `${whole + policy} alter table scratch disable row level security;`,
    ],
    [
      "with a policy that lets everything through",
      `${whole} create policy tenant_isolation on scratch using (true);`,
    ],
    [
      "with a second policy that opens it again",
      `${whole + policy} create policy more on scratch using (true);`,
    ],
    ["with a unique key over all firms", `${whole + policy} create unique index on scratch (id);`],
    [
      "with a reference that leaves the tenant out",
      `${whole + policy} create unique index u on members (id);
       alter table scratch add foreign key (other) references members (id);`,
    ],
    ["with a tenant that may be null", "create table scratch (tenant_id uuid);"],
  ])("%s", async (_, statement) => {
    expect((await offendersAfter(statement)).length).toBeGreaterThan(0);
  });
});

describe("the runtime role", () => {
  test("owns nothing, bypasses nothing and can become nobody who does", async () => {
    const [role] = await owner()`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owned,
        (select count(*)::int from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname = 'portal_app'`;
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      owned: 0,
      memberships: 0,
    });
    await expect(checkRuntimeRole(runtimeUrl())).resolves.toBeUndefined();
  });

  test.each([
    "create table loot (id int)",
    "create schema loot",
    "alter table members disable row level security",
    "drop policy tenant_isolation on members",
    "truncate members",
    "set role portal",
    "set session authorization portal",
    "create or replace function current_tenant_id() returns uuid language sql return null::uuid",
    "create or replace function portal_now() returns timestamptz language sql return now()",
    "update tenants set name = 'loot'",
    "delete from tenants",
    "select * from drizzle.__drizzle_migrations",
  ])("may not: %s", async (statement) => {
    await asRuntimeRole((sql) => expect(sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" }));
  });

  test("sees through row_security = off no row, but an error", async () => {
    await asRuntimeRole(async (sql) => {
      await sql`set row_security = off`;
      await expect(sql`select * from members`).rejects.toMatchObject({ code: "42501" });
    });
  });

  test("may run a closed list of functions with the owner's rights, each with a fixed search path", async () => {
    const rows = await owner()`
      select proname, proconfig from pg_proc
      where prosecdef and pronamespace = 'public'::regnamespace order by proname`;
    expect(rows.map(({ proname }) => proname)).toEqual(SECURITY_DEFINERS);
    for (const { proconfig } of rows) expect(proconfig).toEqual(["search_path=pg_catalog, public, pg_temp"]);
  });

  test("gets no function by default: each is opened to it by name, and to nobody else", async () => {
    const rows = await owner()`
      select proname from pg_proc p where pronamespace = 'public'::regnamespace
        and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0)`;
    expect(rows.map(({ proname }) => proname)).toEqual([]);
  });

  test("reaches of the job engine its jobs and nothing of its schema's making", async () => {
    await asRuntimeRole(async (sql) => {
      for (const statement of [
        "create table graphile_worker.loot (id int)",
        "drop table graphile_worker._private_jobs",
        "truncate graphile_worker._private_jobs",
      ]) {
        await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
      }
    });
  });

  test("is refused at the start when it could bypass the fence (DEC1)", async () => {
    await expect(checkRuntimeRole(inject("postgres").ownerUrl)).rejects.toThrow(/owns the table/);
  });
});

/** What happened, and what a firm decided: written once. */
const APPEND_ONLY = [
  "audit_events",
  "certificate_warnings",
  "security_options",
  "spent_challenges",
  "spent_messages",
];

/** What stands in two firms at once: written by functions alone (DEC22). */
const READ_ONLY = ["linked_firms"];

describe("audit events and a firm's decisions are evidence (SEC85)", () => {
  test.each([
    "update audit_events set event = 'nothing'",
    "delete from audit_events",
    "truncate audit_events",
    "update security_options set version = 7",
    "delete from security_options",
    "truncate security_options",
    "update spent_challenges set expires_at = now()",
    "delete from spent_challenges",
    "update spent_messages set expires_at = now()",
    "delete from spent_messages",
  ])("the product may not: %s", async (statement) => {
    await asRuntimeRole((sql) => expect(sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" }));
  });
});

const tables = [
  "api_tokens",
  "audit_events",
  "break_glass",
  "certificate_warnings",
  "client_contacts",
  "client_search_terms",
  "client_staff",
  "clients",
  "connection_configurations",
  "connection_domains",
  "connection_group_rules",
  "connections",
  "credential_batch_rows",
  "credential_batches",
  "email_changes",
  "factor_resets",
  "federated_identities",
  "firm_settings",
  "idempotency_keys",
  "import_rows",
  "imports",
  "known_devices",
  "link_requests",
  "linked_firms",
  "member_search_terms",
  "members",
  "one_time_secrets",
  "outbox_emails",
  "passkeys",
  "password_credentials",
  "password_history",
  "provider_sessions",
  "rate_limits",
  "recovery_codes",
  "recovery_requests",
  "refusal_windows",
  "retired_session_tokens",
  "scim_group_members",
  "scim_groups",
  "scim_requests",
  "scim_tokens",
  "scim_users",
  "security_groups",
  "security_options",
  "sessions",
  "setup_links",
  "sign_in_failures",
  "spent_challenges",
  "spent_messages",
  "sso_enforcements",
  "sso_flows",
  "totp_factors",
  "workspaces",
];

test("the tests below are there for every tenant table", async () => {
  expect(await tenantTables()).toEqual(tables);
});

/** A row of each table for a firm, written by the owner, so that there is something to be seen. */
async function fill(tenant: Tenant): Promise<void> {
  const member = await aMember(tenant, { password: "quilt marble 7 otter" });
  await aClient(tenant, [member]);
  const sql = owner();
  const { id } = tenant;
  await sql`insert into audit_events (tenant_id, event, actor_kind, source, request_id)
    values (${id}, 'e', 'system', 's', 'r')`;
  await sql`insert into refusal_windows (tenant_id, event, reason, source, opened_at)
    values (${id}, 'e', 'r', 's', now())`;
  await sql`insert into rate_limits (tenant_id, key, whole_at) values (${id}, 'k', now())`;
  await sql`insert into federated_identities (tenant_id, provider, provider_account_id, type, member_id)
    values (${id}, 'p', 's', 'oidc', ${member.id})`;
  await sql`insert into one_time_secrets (tenant_id, member_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
    values (${id}, ${member.id}, 'invitation', '\\x00', 'a', 5, now())`;
  await sql`insert into outbox_emails (tenant_id, template, status) values (${id}, 'invitation', 'suppressed')`;
  await sql`insert into sessions (tenant_id, token_hash, member_id, kind, method, host, source, user_agent,
      last_seen_at, idle_minutes, expires_at)
    values (${id}, '\\x00', ${member.id}, 'full', 'password', 'h', 's', 'u', now(), 60, now())`;
  await fillPolicyAndRecovery(id, member.id);
  await fillPeopleAndPrograms(id, member.id);
  await fillFactors(id, member.id);
  await fillConnections(id, member.id);
}

async function fillFactors(id: string, memberId: string): Promise<void> {
  const sql = owner();
  await sql`insert into totp_factors (tenant_id, member_id, sealed_secret, key_id) values (${id}, ${memberId}, 's', 'k')`;
  await sql`insert into recovery_codes (tenant_id, member_id, sealed_hash, key_id) values (${id}, ${memberId}, 's', 'k')`;
  await sql`insert into passkeys (tenant_id, member_id, credential_id, public_key, user_handle, counter, aaguid,
      backup_eligible, backed_up, name)
    values (${id}, ${memberId}, 'c', '\\x00', 'u', 0, 'a', false, false, 'n')`;
  await sql`insert into spent_challenges (tenant_id, challenge_hash, expires_at) values (${id}, '\\x00', now())`;
  await sql`insert into factor_resets (tenant_id, member_id, status, source) values (${id}, ${memberId}, 'asked', 's')`;
  await sql`insert into retired_session_tokens (tenant_id, token_hash, session_id, retired_at)
    select tenant_id, '\\x01', id, now() from sessions where tenant_id = ${id}`;
}

async function fillPolicyAndRecovery(id: string, memberId: string): Promise<void> {
  const sql = owner();
  await sql`insert into security_options (tenant_id, version, options) values (${id}, 1, '{}')`;
  await sql`insert into password_history (tenant_id, member_id, hash) values (${id}, ${memberId}, 'h')`;
  await sql`insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
    values (${id}, ${memberId}, '*', 1, now())`;
  await sql`insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at)
    values (${id}, ${memberId}, '\\x00', 'u', now())`;
  await sql`insert into recovery_requests (tenant_id, origin, typed_name, source) values (${id}, 'no_mailbox', 'n', 's')`;
  const [batch] = await sql`insert into credential_batches (tenant_id, kind, created_by)
    values (${id}, 'staff', ${memberId}) returning id`;
  await sql`insert into credential_batch_rows (tenant_id, batch_id, member_id, position)
    values (${id}, ${batch?.id}, ${memberId}, 1)`;
}

async function fillPeopleAndPrograms(id: string, memberId: string): Promise<void> {
  const sql = owner();
  await sql`insert into api_tokens (tenant_id, member_id, token_hash, hint, scopes, created_by, expires_at)
    values (${id}, ${memberId}, '\\x00', 'h', '{}', ${memberId}, now())`;
  await sql`insert into idempotency_keys (tenant_id, member_id, key, fingerprint)
    values (${id}, ${memberId}, 'k', '\\x00')`;
  await sql`insert into client_staff (tenant_id, client_id, member_id)
    select tenant_id, id, ${memberId} from clients where tenant_id = ${id}`;
  await sql`insert into email_changes (tenant_id, member_id, old_username, new_email, new_email_key)
    values (${id}, ${memberId}, 'o', 'n', 'n')`;
  await sql`insert into firm_settings (tenant_id) values (${id})`;
  await sql`insert into linked_firms (tenant_id, member_id, other_tenant_id, other_member_id)
    values (${id}, ${memberId}, ${id}, ${memberId})`;
  const [file] = await sql`insert into imports (tenant_id, kind, file_name, columns, created_by)
    values (${id}, 'contact', 'f', '{}', ${memberId}) returning id`;
  await sql`insert into import_rows (tenant_id, import_id, line) values (${id}, ${file?.id}, 1)`;
}

describe.each(tables)("%s (A2, S7)", (table) => {
  let own: Tenant;
  let foreign: Tenant;
  let runtime: postgres.Sql;

  beforeAll(async () => {
    [own, foreign] = [await aTenant(), await aTenant()];
    await fill(own);
    await fill(foreign);
    runtime = connectAsRuntimeRole();
  });

  afterAll(() => runtime.end({ timeout: 5 }));

  const ROLLBACK = new Error("rolled back");

  /** What a statement does inside a transaction of a tenant, or of none; it is undone afterwards. */
  async function inside(
    tenantId: string | undefined,
    statement: (sql: postgres.Sql) => Promise<{ count: number }>,
  ) {
    let count: number | undefined;
    let failure: unknown;
    await runtime
      .begin(async (transaction) => {
        const sql = transaction as unknown as postgres.Sql;
        if (tenantId) await sql`select set_config('app.tenant_id', ${tenantId}, true)`;
        try {
          const result = await transaction.savepoint((inner) => statement(inner as unknown as postgres.Sql));
          count = result.count;
        } catch (error) {
          failure = error;
        }
        throw ROLLBACK;
      })
      .catch((error: unknown) => {
        if (error !== ROLLBACK) throw error;
      });
    return failure ? { failure } : { count };
  }

  /** A copy of the row that `from` has, for the tenant `to`. */
  async function copy(sql: postgres.Sql, from: Tenant, to: Tenant) {
    const [row] =
      await owner()`select to_jsonb(t) as row from ${owner()(table)} t where tenant_id = ${from.id} limit 1`;
    const copied = { ...(row?.row as object), tenant_id: to.id };
    return sql`insert into ${sql(table)} select * from jsonb_populate_record(null::${sql(table)}, ${sql.json(copied)})`;
  }

  test("shows a firm its own rows", async () => {
    const { count } = await inside(own.id, (sql) => sql`select from ${sql(table)}`);
    expect(count).toBeGreaterThan(0);
  });

  test("shows nothing where no firm is set", async () => {
    expect(await inside(undefined, (sql) => sql`select from ${sql(table)}`)).toEqual({ count: 0 });
  });

  test("shows a firm no row of another", async () => {
    const asked = (sql: postgres.Sql) => sql`select from ${sql(table)} where tenant_id = ${foreign.id}`;
    expect(await inside(own.id, asked)).toEqual({ count: 0 });
  });

  if (READ_ONLY.includes(table)) {
    test("takes no row, no change and no end of one, not even of the firm's own", async () => {
      const writes: ((sql: postgres.Sql) => Promise<{ count: number }>)[] = [
        (sql) => copy(sql, own, own),
        (sql) => sql`update ${sql(table)} set created_at = now()`,
        (sql) => sql`delete from ${sql(table)}`,
      ];
      for (const write of writes)
        expect((await inside(own.id, write)).failure).toMatchObject({ code: "42501" });
    });
    return;
  }

  test("takes no row where no firm is set", async () => {
    const { failure } = await inside(undefined, (sql) => copy(sql, own, own));
    expect(failure).toMatchObject({ code: "42501", message: expect.stringContaining("row-level security") });
  });

  test("takes no row for another firm", async () => {
    const { failure } = await inside(own.id, (sql) => copy(sql, foreign, foreign));
    expect(failure).toMatchObject({ code: "42501", message: expect.stringContaining("row-level security") });
  });

  // Nothing there can be changed at all, which is tested above.
  if (APPEND_ONLY.includes(table)) return;

  test("lets no row of another firm be changed, and none be moved there", async () => {
    const changed = (sql: postgres.Sql) =>
      sql`update ${sql(table)} set created_at = now() where tenant_id = ${foreign.id}`;
    expect(await inside(own.id, changed)).toEqual({ count: 0 });
    expect(await inside(undefined, (sql) => sql`update ${sql(table)} set created_at = now()`)).toEqual({
      count: 0,
    });

    const moved = await inside(own.id, (sql) => sql`update ${sql(table)} set tenant_id = ${foreign.id}`);
    expect(moved.failure).toMatchObject({ code: "42501" });
  });

  test("lets no row of another firm be deleted", async () => {
    const deleted = (sql: postgres.Sql) => sql`delete from ${sql(table)} where tenant_id = ${foreign.id}`;
    expect(await inside(own.id, deleted)).toEqual({ count: 0 });
    expect(await inside(undefined, (sql) => sql`delete from ${sql(table)}`)).toEqual({ count: 0 });
  });
});

test("a reference cannot reach into another firm, although the check of a foreign key sees all rows", async () => {
  const [own, foreign] = [await aTenant(), await aTenant()];
  const [client, stranger] = [await aClient(own), await aMember(foreign, { kind: "contact" })];
  await asRuntimeRole(async (sql) => {
    const planted = sql.begin(async (transaction) => {
      await transaction`select set_config('app.tenant_id', ${own.id}, true)`;
      await transaction`insert into client_contacts (client_id, member_id) values (${client.id}, ${stranger.id})`;
    });
    await expect(planted).rejects.toMatchObject({ code: "23503" });
  });
});

test("the firm of one transaction is forgotten by the next on the same connection", async () => {
  const tenant = await aTenant();
  await asRuntimeRole(async (sql) => {
    await sql.begin((transaction) => transaction`select set_config('app.tenant_id', ${tenant.id}, true)`);
    const [row] =
      await sql`select current_tenant_id() as id, (select count(*)::int from security_groups) as rows`;
    expect(row).toEqual({ id: null, rows: 0 });
  });
});

test("a firm sees of the list of firms itself alone", async () => {
  const [own] = [await aTenant(), await aTenant()];
  await asRuntimeRole(async (sql) => {
    expect(await sql`select * from tenants`).toHaveLength(0);
    const seen = await sql.begin(async (transaction) => {
      await transaction`select set_config('app.tenant_id', ${own.id}, true)`;
      return transaction`select id from tenants`;
    });
    expect(seen.map(({ id }) => id)).toEqual([own.id]);
  });
});
