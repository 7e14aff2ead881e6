import postgres from "postgres";

const LEAST_SERVER_VERSION = 150_000;

/** Whether the operator's database can be reached, is new enough and has a safe runtime role. */
export async function describeDatabase(ownerUrl, appUrl) {
  const { number, version } = await ask(
    ownerUrl,
    (sql) => sql`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  if (number < LEAST_SERVER_VERSION)
    return { ok: false, text: `PostgreSQL ${version}; 15 or newer is needed.` };
  if (!appUrl) return { ok: true, text: `PostgreSQL ${version}; the runtime role is made by the portal` };
  const { role, bypasses } = await ask(
    appUrl,
    (sql) => sql`
    select current_user as role, exists (
      select from pg_roles where (rolsuper or rolbypassrls) and pg_has_role(current_user, oid, 'MEMBER')
    ) as bypasses`,
  );
  if (bypasses)
    return {
      ok: false,
      text: `The runtime role ${role} bypasses row security. Name another in DATABASE_APP_URL.`,
    };
  return { ok: true, text: `PostgreSQL ${version}, runtime role ${role}` };
}

async function ask(url, question) {
  const sql = postgres(url, { max: 1, prepare: false, connect_timeout: 5, onnotice: () => undefined });
  try {
    const [row] = await question(sql);
    return row;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
