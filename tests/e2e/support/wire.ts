import { expect } from "@playwright/test";
import type { Database } from "./database.ts";
import { type Answer, location } from "./http.ts";
import type { Visitor } from "./visitor.ts";

/** Signs in without a browser; the visitor then carries the session's cookie. */
export async function signInOnTheWire(
  visitor: Visitor,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const answer = await visitor.submit("/sign-in", {
    form: "Sign in",
    fill: { identifier: username, password },
  });
  expect(answer.status, `${username} signs in at ${visitor.host}`).toBe(303);
  expect([...visitor.cookies.keys()].some((name) => /^__Host-(session|pending)$/.test(name))).toBe(true);
}

/** Asks for a reset mail as anybody may. */
export async function askForReset(
  visitor: Visitor,
  identifier: string,
  headers: Record<string, string> = {},
) {
  return visitor.submit("/forgot-password?again=", {
    form: "Reset your password",
    fill: { identifier },
    press: "Send Password Reset",
    headers,
  });
}

/** Opens a mailed link and gives the page behind it, with the token in the visitor's cookies. */
export async function openLink(visitor: Visitor, link: string) {
  const opened = await visitor.ask(new URL(link).pathname);
  expect(opened.status).toBe(303);
  return visitor.ask(location(opened) ?? "");
}

/** One request of a program to the API, with the token of a session or without one. */
export function callAs(
  visitor: Visitor,
  token: string | undefined,
  operation: string,
  body?: object,
  port?: number,
): Promise<Answer> {
  const [method = "", path = ""] = operation.split(" ");
  const sent = body && JSON.stringify(body);
  const headers = {
    // Node tells the length by itself, but not that of a DELETE.
    ...(sent && { "content-type": "application/json", "content-length": String(Buffer.byteLength(sent)) }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return visitor.ask(`/api/v1${path}`, { method, headers, ...(sent && { body: sent }) }, port);
}

/** How many rows of a firm each of its tables holds. */
export async function countRows(database: Database, slug: string): Promise<Record<string, number>> {
  const tables = await database<{ name: string }[]>`
    select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`;
  const counts = tables.map(async ({ name }) => {
    const [row] = await database`
      select count(*)::int as number from ${database(name)}
       where tenant_id = (select id from tenants where slug = ${slug})`;
    return [name, row?.number] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** What a firm's audit log says, oldest first. */
export async function auditOf(database: Database, slug: string) {
  return database<
    { event: string; reason: string | null; source: string; detail: Record<string, unknown> }[]
  >`
    select event, reason, source, detail from audit_events
     where tenant_id = (select id from tenants where slug = ${slug}) order by created_at, id`;
}
