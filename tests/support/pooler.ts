import { freePort } from "#lib/boot/ports.mjs";
import { serverAccount } from "#lib/boot/postgres/account.mjs";
import { deployed, type Program, startProgram } from "./deployed.ts";

/** Debian's PgBouncer with the configuration of `deploy/`, in front of a PostgreSQL of this machine. */
export type Pooler = Program & {
  /** The same login through it. */
  through: (url: string) => string;
};

/**
 * @param logins addresses of PostgreSQL itself, with the role and password of each login that may come through
 * @param changes what the configuration says otherwise here
 */
export async function startPooler(
  program: string,
  logins: string[],
  changes: Record<string, string> = {},
): Promise<Pooler> {
  const urls = logins.map((login) => new URL(login));
  const port = await freePort();
  const ini = deployed("pgbouncer.ini", {
    "host=127.0.0.1 port=5432 dbname=portal": `host=127.0.0.1 port=${urls[0]?.port}`,
    "portal = ": "* = ",
    "listen_port = 6432": `listen_port = ${port}`,
    "unix_socket_dir = /var/run/postgresql": "unix_socket_dir =",
    "/etc/pgbouncer/userlist.txt": "userlist.txt",
    ...changes,
  });
  const users = urls.map(({ username, password }) => `"${username}" "${decodeURIComponent(password)}"`);
  const started = await startProgram({
    program,
    files: { "pgbouncer.ini": ini, "userlist.txt": users.join("\n") },
    args: () => ["pgbouncer.ini"],
    port,
    // It refuses to run as root.
    account: serverAccount(),
  });
  return { ...started, through: (url) => Object.assign(new URL(url), { port: String(port) }).href };
}
