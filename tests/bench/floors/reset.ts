import { createHash, randomBytes } from "node:crypto";
import { firmOf, jsonOf, serve, sql } from "./serve.ts";

await sql`create schema if not exists bench`;
await sql`
  create table if not exists bench.tokens (
    tenant_id uuid, member_id uuid, token_hash bytea, expires_at timestamptz, primary key (tenant_id, token_hash))`;
await sql`
  create table if not exists bench.mails (
    tenant_id uuid, id uuid default gen_random_uuid(), member_id uuid, to_address text, primary key (tenant_id, id))`;

/** A token and a mail for whoever has this name, in one statement. */
serve(async (request) => {
  const { identifier = "" } = await jsonOf(request);
  const firm = await firmOf(request);
  const hash = createHash("sha256").update(randomBytes(32)).digest();
  await sql`
    with member as (
      select id, email from members where tenant_id = ${firm} and username_key = ${identifier}
    ), token as (
      insert into bench.tokens select ${firm}, id, ${hash}, now() + interval '1 hour' from member
    )
    insert into bench.mails (tenant_id, member_id, to_address) select ${firm}, id, email from member`;
  return { status: 202, body: "{}" };
});
