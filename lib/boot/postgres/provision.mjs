import { scramVerifier } from "./scram.mjs";

/**
 * Makes the owner role and its database where they are missing. The owner is no superuser, as with a hosted database.
 *
 * @param {{ superuserUrl: string, owner: string, ownerPassword: string, database: string }} wanted
 */
export async function provisionDatabase({ superuserUrl, owner, ownerPassword, database }) {
  // Here and not above: this module is loaded before the dependencies are installed.
  const { default: postgres } = await import("postgres");
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    const [role] = await sql`select 1 from pg_roles where rolname = ${owner}`;
    if (!role) await sql.unsafe(createRole(owner, ownerPassword));
    const [found] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!found) await sql.unsafe(`CREATE DATABASE "${database}" OWNER "${owner}"`);
  } finally {
    await sql.end();
  }
}

const createRole = (name, password) =>
  `CREATE ROLE "${name}" LOGIN CREATEDB CREATEROLE PASSWORD '${scramVerifier(password)}'`;
