import { randomUUID } from "node:crypto";
import type postgres from "postgres";

/** Makes these members federated, behind the product's back, each by a connection of their firm that signs nobody in. */
export async function federate(sql: postgres.Sql, memberIds: string[]): Promise<void> {
  await sql`
    with made as (
      insert into connections (tenant_id, kind, name)
      select distinct tenant_id, 'oidc', ${`Connection ${randomUUID()}`} from members where id = any(${memberIds})
      returning tenant_id, id)
    update members m set connection_id = made.id from made
     where m.tenant_id = made.tenant_id and m.id = any(${memberIds})`;
}
