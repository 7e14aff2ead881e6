import type postgres from "postgres";

/** As many as are locked for a fraction of a second. */
const AT_A_TIME = 5_000;

/**
 * Marks whoever had a second factor before there was a mark (`members.has_factor`), part by part: everybody would wait for a
 * migration that did it. Lists do without it meanwhile. By the owner, whose rights cross firms. They are locked first and
 * looked at once more after that: of whoever gives the last factor away meanwhile a trigger takes the mark.
 */
export async function markFactors(sql: postgres.Sql): Promise<void> {
  while ((await sql.begin(markSome)) === AT_A_TIME);
}

async function markSome(sql: postgres.TransactionSql): Promise<number> {
  const unmarked = await sql<{ tenant_id: string; id: string }[]>`
    select m.tenant_id, m.id from members m where not m.has_factor and ${hasFactor(sql)}
     limit ${AT_A_TIME} for no key update`;
  await sql`
    update members m set has_factor = true
      from unnest(${unmarked.map((row) => row.tenant_id)}::uuid[], ${unmarked.map(({ id }) => id)}::uuid[]) as locked (tenant_id, id)
     where m.tenant_id = locked.tenant_id and m.id = locked.id and ${hasFactor(sql)}`;
  return unmarked.length;
}

const hasFactor = (sql: postgres.TransactionSql) => sql`(
  exists (select from totp_factors f where f.tenant_id = m.tenant_id and f.member_id = m.id and f.confirmed_at is not null)
  or exists (select from passkeys p where p.tenant_id = m.tenant_id and p.member_id = m.id))`;
