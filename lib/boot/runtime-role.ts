import type postgres from "postgres";
import { scramVerifier } from "./scram.mjs";

/** The role that policies and grants name. Who signs in is this role or a member of it. */
export const RUNTIME_ROLE = "portal_app";

const JOB_SCHEMA = "graphile_worker";
const RACED = new Set(["23505", "42710", "XX000"]);
const ATTEMPTS = 5;

/** Makes the runtime role where it is missing, and gives it the login that was asked for. */
export async function ensureRuntimeRole(
  sql: postgres.Sql,
  { appRolePassword, appRole }: { appRolePassword?: string; appRole?: string },
): Promise<void> {
  // Roles are shared by all databases of a server, so the advisory lock of one database does not cover them.
  await retryWhenRaced(() => createRole(sql));
  if (appRolePassword) await retryWhenRaced(() => giveLogin(sql, appRolePassword));
  if (appRole && appRole !== RUNTIME_ROLE) await sql`grant ${sql(RUNTIME_ROLE)} to ${sql(appRole)}`;
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
  if (!found) await sql`create role ${sql(RUNTIME_ROLE)} nologin`;
}

async function giveLogin(sql: postgres.Sql, password: string): Promise<void> {
  await sql.unsafe(`ALTER ROLE "${RUNTIME_ROLE}" LOGIN PASSWORD '${scramVerifier(password)}'`);
}

function tablesWithoutPolicy(sql: postgres.Sql, role: string) {
  return sql<{ relname: string }[]>`
    select c.relname from pg_class c
    where c.relnamespace = ${JOB_SCHEMA}::regnamespace and c.relkind = 'r' and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = ${`${role}_works`})`;
}

async function retryWhenRaced(work: () => Promise<void>): Promise<void> {
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
