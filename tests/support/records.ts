import { expect } from "vitest";
import type { Tenant } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { owner } from "./database.ts";

type Row = Record<string, unknown>;

/** A firm's audit events, in the order in which they were written. */
export async function auditOf(tenant: Tenant) {
  const rows =
    await owner()`select * from audit_events where tenant_id = ${tenant.id} order by xmin::text::bigint, ctid`;
  return rows.map(({ event, reason, actor_kind, actor_id, target_id, source, request_id, detail }) => ({
    event: event as string,
    reason: reason as string | null,
    actorKind: actor_kind as string,
    actorId: actor_id as string | null,
    targetId: target_id as string | null,
    source: source as string,
    requestId: request_id as string,
    detail: detail as Row,
  }));
}

/** The reasons of a firm's refusals of one event. */
export async function refusalsOf(tenant: Tenant, event: string): Promise<(string | null)[]> {
  return (await auditOf(tenant))
    .filter((row) => row.event === `${event}.refused`)
    .map(({ reason }) => reason);
}

/** Tables in which a refusal leaves its trace, and nothing else does. */
const TRACES = ["audit_events", "refusal_windows", "rate_limits", "sign_in_failures"];

/** All that is stored of a firm but the traces of refusals. */
export function contentsOf(tenant: Tenant): Promise<Record<string, Row[]>> {
  return rowsOf(tenant, (table) => !TRACES.includes(table));
}

/** All that is stored of a firm, by table. */
export async function rowsOf(tenant: Tenant, wanted: (table: string) => boolean = () => true) {
  const rows: Record<string, Row[]> = {};
  for (const table of (await tenantTables()).filter(wanted)) {
    const sql = owner();
    const found = await sql`
      select to_jsonb(t) as row from ${sql(table)} t where tenant_id = ${tenant.id} order by to_jsonb(t)::text`;
    rows[table] = found.map(({ row }) => row as Row);
  }
  return rows;
}

export async function tenantTables(): Promise<string[]> {
  const rows = await owner()`
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by c.relname`;
  return rows.map(({ relname }) => relname as string);
}

/** Every table of the database as text, the job engine's too: what a stolen dump would show. */
export async function dump(): Promise<string> {
  const sql = owner();
  const tables = await sql`
    select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('public', 'graphile_worker', 'drizzle')`;
  const texts = await Promise.all(
    tables.map(async ({ nspname, relname }) => {
      const rows = await sql`select t::text as text from ${sql(nspname)}.${sql(relname)} t`;
      return [`# ${relname}`, ...rows.map(({ text }) => text as string)].join("\n");
    }),
  );
  return texts.join("\n");
}

/** Holds that a use case is refused and that nothing but the refusal's own trace was written. Gives the refusal. */
export async function refused(tenant: Tenant, attempt: () => Promise<unknown>): Promise<DomainError> {
  const before = await contentsOf(tenant);
  const error = await attempt().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, "it was not refused").toBeInstanceOf(DomainError);
  expect(await contentsOf(tenant)).toEqual(before);
  return error as DomainError;
}
