import { createHash, randomBytes } from "node:crypto";
import { verify } from "@node-rs/argon2";
import { firmOf, jsonOf, serve, sql } from "./serve.ts";

await sql`create schema if not exists bench`;
await sql`
  create table if not exists bench.sessions (
    tenant_id uuid, id uuid default gen_random_uuid(), member_id uuid, token_hash bytea, created_at timestamptz default now(),
    primary key (tenant_id, token_hash))`;

/** A look-up, one verification, a session: no limits, no audit log, no policy. */
serve(async (request) => {
  const { identifier = "", password = "" } = await jsonOf(request);
  const firm = await firmOf(request);
  const [row] = await sql<{ id: string; hash: string }[]>`
    select m.id, c.hash from members m
      join password_credentials c on c.tenant_id = m.tenant_id and c.member_id = m.id
     where m.tenant_id = ${firm} and m.username_key = ${identifier} and m.status = 'enabled'`;
  if (!row || !(await verify(row.hash, password))) return { status: 401, body: "{}" };
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest();
  await sql`insert into bench.sessions (tenant_id, member_id, token_hash) values (${firm}, ${row.id}, ${hash})`;
  return { status: 201, body: JSON.stringify({ token }) };
});
