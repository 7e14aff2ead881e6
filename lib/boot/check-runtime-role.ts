import postgres from "postgres";

type Powers = { role: string; bypasses: boolean; ownedTable: string | null };

/**
 * Refuses a runtime role for which row-level security would be no fence (DEC1): one that is, or may become, a
 * superuser, a role with BYPASSRLS, or the owner of a table.
 */
export async function checkRuntimeRole(runtimeUrl: string): Promise<void> {
  // Through a pooler in transaction mode a prepared statement may meet another session.
  const sql = postgres(runtimeUrl, { max: 1, prepare: false });
  try {
    const powers = await readPowers(sql);
    const reason = objection(powers);
    if (reason) throw new Error(`The runtime role "${powers.role}" ${reason}. ${REMEDY}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const REMEDY =
  "Row-level security would not keep the firms apart. Let DATABASE_APP_URL name a role that owns nothing, or leave it " +
  "out, and the portal makes one.";

function objection({ bypasses, ownedTable }: Powers): string | undefined {
  if (bypasses) return "is a superuser, has BYPASSRLS, or may become a role that does";
  if (ownedTable) return `owns the table ${ownedTable}, or belongs to the role that does`;
  return undefined;
}

async function readPowers(sql: postgres.Sql): Promise<Powers> {
  const [row] = await sql<Powers[]>`
    select current_user as role,
      exists (
        select from pg_roles where (rolsuper or rolbypassrls) and pg_has_role(current_user, oid, 'MEMBER')
      ) as bypasses,
      (
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and pg_has_role(current_user, c.relowner, 'MEMBER')
        order by c.relname limit 1
      ) as "ownedTable"`;
  if (!row) throw new Error("The database did not answer who the runtime role is.");
  return row;
}
