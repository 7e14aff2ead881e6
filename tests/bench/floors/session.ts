import { createHash } from "node:crypto";
import { bearerOf, firmOf, serve, sql } from "./serve.ts";

/** The session of a bearer token, with its member, group and firm, in one statement. */
serve(async (request) => {
  const hash = createHash("sha256").update(bearerOf(request)).digest();
  const [row] = await sql`
    select s.id, s.kind, s.expires_at, m.id as member_id, m.name, m.username, m.email, g.name as group_name, g.permissions,
           t.slug, t.name as firm_name
      from sessions s
      join members m on m.tenant_id = s.tenant_id and m.id = s.member_id
      join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
      join tenants t on t.id = s.tenant_id
     where s.tenant_id = ${await firmOf(request)} and s.token_hash = ${hash} and s.revoked_at is null
       and s.expires_at > now() and m.status = 'enabled'`;
  return row ? { status: 200, body: JSON.stringify(row) } : { status: 401, body: "{}" };
});
