import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { freePort } from "#lib/boot/ports.mjs";
import { startTemporaryPostgres } from "#lib/boot/postgres/postgres.mjs";
import { type Pooler, startPooler } from "#tests/support/pooler.ts";
import { type Haproxy, startHaproxy } from "./haproxy.ts";
import { type PortalFacts, type RunningPortal, startPortal } from "./portal-process.ts";

export type ProxiedPortal = {
  portal: RunningPortal;
  haproxy: Haproxy;
  pooler: Pooler;
  stop: () => Promise<void>;
};

/**
 * A portal as it runs for real: an operator's PostgreSQL, PgBouncer in front of it, two processes, HAProxy in front of
 * them. Its addresses are HAProxy's.
 *
 * @param shared the portal of the other stories, whose keys it takes: the product reads its own only once
 */
export async function startProxiedPortal(
  shared: PortalFacts,
  programs: { pgbouncer: string; haproxy: string },
): Promise<ProxiedPortal> {
  const keys = readFileSync(join(shared.dataDir, "keys"), "utf8").trim();
  process.env.PORTAL_KEYS ??= keys;
  const database = await startTemporaryPostgres();
  const appUrl = await makeRuntimeRole(database.url);
  const pooler = await startPooler(programs.pgbouncer, [appUrl]);
  const port = await freePort();
  const portal = await startPortal("e2e-proxied", {
    processes: 2,
    env: {
      PORTAL_URL: `http://portal.localhost:${port}`,
      PORTAL_KEYS: keys,
      PORTAL_DEMO: "1",
      DATABASE_URL: database.url,
      DATABASE_APP_URL: pooler.through(appUrl),
      DATABASE_DIRECT_URL: database.url,
      DATABASE_PREPARE: "off",
    },
  });
  const haproxy = await startHaproxy(programs.haproxy, portal.ports, port);
  const stop = async () => {
    await haproxy.stop();
    await portal.stop();
    await pooler.stop();
    await database.stop();
  };
  return { portal, haproxy, pooler, stop };
}

/** As an operator makes it whose pooler has to know its password. */
async function makeRuntimeRole(ownerUrl: string): Promise<string> {
  const password = randomBytes(16).toString("hex");
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create role portal_app login password '${password}'`);
  await sql.end();
  return Object.assign(new URL(ownerUrl), { username: "portal_app", password }).href;
}
