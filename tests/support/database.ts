import postgres from "postgres";
import { inject } from "vitest";
import { closeDatabase } from "#db/client.ts";

let name: string | undefined;
let ownerClient: postgres.Sql | undefined;

/** The owner's connection to this file's database: for looking from outside, past every policy. */
export function owner(): postgres.Sql {
  if (!ownerClient) throw new Error("This file of tests has no database.");
  return ownerClient;
}

/** Gives this file of tests a database of its own and lets the product in as its runtime role. */
export async function openDatabase(): Promise<void> {
  const { ownerUrl: templateUrl, appPassword } = inject("postgres");
  const template = new URL(templateUrl).pathname.slice(1);
  name = `test_${process.pid}_${Date.now()}`;
  await onServer((sql) => sql`create database ${sql(name ?? "")} template ${sql(template)}`);
  ownerClient = postgres(ownerUrl(), { max: 4, onnotice: () => undefined });
  process.env.DATABASE_APP_URL = runtimeUrl(appPassword);
}

export async function dropDatabase(): Promise<void> {
  await closeDatabase();
  await ownerClient?.end({ timeout: 5 });
  // By the superuser: the server's own housekeeping may be in it, and only a superuser may end that.
  await onServer(
    (sql) => sql`drop database ${sql(name ?? "")} with (force)`,
    inject("postgres").superuserUrl,
  );
}

/** How many of this file's transactions wait for another one's lock. */
export async function waiting(): Promise<number> {
  const rows = await owner()`
    select from pg_locks join pg_stat_activity using (pid)
     where not granted and datname = current_database()`;
  return rows.length;
}

/** The owner's login to this file's database. */
export function ownerUrl(): string {
  return urlOf(inject("postgres").ownerUrl);
}

/** The runtime role's login to this file's database. */
export function runtimeUrl(password = inject("postgres").appPassword): string {
  const url = new URL(urlOf(inject("postgres").ownerUrl));
  url.username = "portal_app";
  url.password = password;
  return url.href;
}

/** A connection of its own as the runtime role, as an attacker with SQL injection would have one. */
export async function asRuntimeRole<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = connectAsRuntimeRole();
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Ends the session of a server process, as a restart or an administrator would. */
export async function endSession(pid: number): Promise<void> {
  const sql = postgres(inject("postgres").superuserUrl, { max: 1, onnotice: () => undefined });
  await sql`select pg_terminate_backend(${pid})`;
  await sql.end();
}

export function connectAsRuntimeRole(): postgres.Sql {
  return postgres(runtimeUrl(), { max: 1, onnotice: () => undefined });
}

function urlOf(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(
  work: (sql: postgres.Sql) => Promise<unknown>,
  as = inject("postgres").ownerUrl,
): Promise<void> {
  // Not the template itself: it can be copied only while nobody is connected to it.
  const maintenance = new URL(as);
  maintenance.pathname = "/postgres";
  const sql = postgres(maintenance.href, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
