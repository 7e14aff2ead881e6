import { createHash } from "node:crypto";
import { bearerOf, firmOf, serve, sql } from "./serve.ts";

/** The API token of a request by its hash, with its member and group, in one statement. */
serve(async (request) => {
  const hash = createHash("sha256").update(bearerOf(request)).digest();
  const [row] = await sql`
    select k.id, k.scopes, k.expires_at, m.id as member_id, m.name, m.username, m.email, g.name as group_name, g.permissions
      from api_tokens k
      join members m on m.tenant_id = k.tenant_id and m.id = k.member_id
      join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where k.tenant_id = ${await firmOf(request)} and k.token_hash = ${hash} and k.ended_at is null
       and k.expires_at > now() and m.status = 'enabled'`;
  return row ? { status: 200, body: JSON.stringify(row) } : { status: 401, body: "{}" };
});
