import type postgres from "postgres";
import { loginWorks } from "./login-works.ts";
import { scramVerifier } from "./postgres/scram.mjs";

/** The role that policies and grants name. Who signs in is this role or a member of it. */
export const RUNTIME_ROLE = "portal_app";

const JOB_SCHEMA = "graphile_worker";
const RACED = new Set(["23505", "42710", "XX000"]);
const ATTEMPTS = 5;
const CREATE_IT =
  `Give it CREATEROLE, or let an administrator run "CREATE ROLE ${RUNTIME_ROLE} LOGIN PASSWORD '...'" and set ` +
  "DATABASE_APP_URL to that login.";
const SHARE_IT =
  "Set DATABASE_APP_URL to a login that all nodes share. If the password is lost and nobody else uses it, run " +
  `"ALTER ROLE ${RUNTIME_ROLE} NOLOGIN", and the next start makes a new one.`;

/** Makes the runtime role where it is missing, and gives it the login that was asked for. */
export async function ensureRuntimeRole(
  sql: postgres.Sql,
  { ownerUrl, appRolePassword, appRole }: { ownerUrl: string; appRolePassword?: string; appRole?: string },
): Promise<void> {
  // Roles are shared by all databases of a server, so the advisory lock of one database does not cover them.
  await retryWhenRaced(() => createRole(sql));
  if (appRolePassword) await retryWhenRaced(() => giveLogin(sql, appRolePassword, ownerUrl));
  if (appRole && appRole !== RUNTIME_ROLE) await retryWhenRaced(() => letIn(sql, appRole));
}

/** Lets the runtime role work on the job engine's tables, whose row security would show it nothing. */
export async function grantJobEngine(sql: postgres.Sql, role: string): Promise<void> {
  const schema = sql(JOB_SCHEMA);
  const grantee = sql(role);
  await sql`grant usage on schema ${schema} to ${grantee}`;
  await sql`grant select, insert, update, delete on all tables in schema ${schema} to ${grantee}`;
  await sql`grant usage on all sequences in schema ${schema} to ${grantee}`;
  await sql`grant execute on all functions in schema ${schema} to ${grantee}`;
  for (const { relname } of await tablesWithoutPolicy(sql, role)) {
    await sql`
      create policy ${sql(`${role}_works`)} on ${schema}.${sql(relname)} to ${grantee} using (true) with check (true)`;
  }
}

async function createRole(sql: postgres.Sql): Promise<void> {
  const [found] = await sql`select 1 from pg_roles where rolname = ${RUNTIME_ROLE}`;
  if (found) return;
  const [owner] =
    await sql`select rolcreaterole or rolsuper as able from pg_roles where rolname = current_user`;
  if (!owner?.able) throw new Error(`The owner may not create the role ${RUNTIME_ROLE}. ${CREATE_IT}`);
  await sql`create role ${sql(RUNTIME_ROLE)} nologin`;
}

async function giveLogin(sql: postgres.Sql, password: string, ownerUrl: string): Promise<void> {
  const [role] = await sql`select rolcanlogin from pg_roles where rolname = ${RUNTIME_ROLE}`;
  if (role?.rolcanlogin) {
    if (await loginWorks(asRole(ownerUrl, password))) return;
    // Another node or another portal signs in by the password that is set; a new one would lock it out.
    throw new Error(`The role ${RUNTIME_ROLE} has a password that this portal does not know. ${SHARE_IT}`);
  }
  await sql.unsafe(`ALTER ROLE "${RUNTIME_ROLE}" LOGIN PASSWORD '${scramVerifier(password)}'`);
}

async function letIn(sql: postgres.Sql, appRole: string): Promise<void> {
  const [role] = await sql`
    select pg_has_role(rolname, ${RUNTIME_ROLE}, 'MEMBER') as member from pg_roles where rolname = ${appRole}`;
  if (!role)
    throw new Error(`The role ${appRole} of DATABASE_APP_URL does not exist. Create it with a login first.`);
  if (!role.member) await sql`grant ${sql(RUNTIME_ROLE)} to ${sql(appRole)}`;
}

function asRole(ownerUrl: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = RUNTIME_ROLE;
  url.password = encodeURIComponent(password);
  return url.href;
}

function tablesWithoutPolicy(sql: postgres.Sql, role: string) {
  return sql<{ relname: string }[]>`
    select c.relname from pg_class c
    where c.relnamespace = ${JOB_SCHEMA}::regnamespace and c.relkind = 'r' and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = ${`${role}_works`})`;
}

/** What two nodes change at the same time fails for one of them, who then finds it done. */
export async function retryWhenRaced(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !wasRaced(error)) throw error;
    }
  }
}

function wasRaced(error: unknown): boolean {
  return error instanceof Error && "code" in error && RACED.has(String(error.code));
}
