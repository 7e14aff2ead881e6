import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isAlive, processIdentity } from "../identity.mjs";
import { withLock } from "../lock.mjs";
import { keptSecret } from "../secrets.mjs";
import { onEmergency } from "../shutdown.mjs";
import { canReach, giveTo, serverAccount } from "./account.mjs";
import { findPostgres, outsideDir } from "./binaries.mjs";
import { createCluster, majorOf, moveAsideUnlessUsable } from "./cluster.mjs";
import { holdDatabase } from "./holders.mjs";
import { readyPortOn, serverOn, startPostmaster, stopPostmaster } from "./postmaster.mjs";
import { provisionDatabase } from "./provision.mjs";
import { watchPostmaster } from "./watch.mjs";

const OWNER = "portal";
const DATABASE = "portal";
const TEMPORARY_PREFIX = "portal-postgres-";
const TEMPORARY_SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
};

/**
 * The portal's own PostgreSQL: made at the first call, found again at every later one.
 *
 * @param {string} stateDir where passwords, log and (if PostgreSQL can reach it) the data lie
 * @returns {Promise<{ url: string, pid: number, port: number, version: string, reused: boolean, close: () => Promise<void> }>}
 *   `url` is the owner's. `close` stops the server unless another process of this portal still uses it.
 */
export async function startEmbeddedPostgres(stateDir) {
  const leave = holdDatabase(stateDir);
  const portal = embedded(stateDir);
  const { postmaster, version } = await portal.open();
  const watch = watchPostmaster(postmaster.pid, async () => (await portal.open(postmaster.port)).postmaster);
  const leaveAsLast = () => {
    watch.end();
    return leave() && stopPostmaster(watch.pid());
  };
  onEmergency(leaveAsLast);
  const close = async () => void (await leaveAsLast());
  return { ...postmaster, version, url: portal.ownerUrl(postmaster.port), close };
}

/** The owner's address of the portal's own PostgreSQL while it runs; undefined while it does not. */
export function runningOwnerUrl(stateDir) {
  const port = readyPortOn(clusterOf(stateDir).dir);
  return port && urlOf(port, OWNER, keptSecret("postgres-password", stateDir), DATABASE);
}

// Under a lock: two first starts must not make it twice.
function embedded(stateDir) {
  const superuserPassword = keptSecret("superuser-password", stateDir);
  const ownerPassword = keptSecret("postgres-password", stateDir);
  const cluster = { ...clusterOf(stateDir), superuserPassword };
  const open = (port) =>
    withLock(join(stateDir, "pg.lock"), async () => {
      const opened = await openCluster(cluster, { logFile: join(stateDir, "pg.log"), port });
      const superuserUrl = urlOf(opened.postmaster.port, "postgres", superuserPassword, "postgres");
      await provisionDatabase({ superuserUrl, owner: OWNER, ownerPassword, database: DATABASE });
      return opened;
    });
  return { open, ownerUrl: (port) => urlOf(port, OWNER, ownerPassword, DATABASE) };
}

/**
 * A PostgreSQL for one run of tests: durability off, gone with everything in it at `stop()`.
 * What an earlier run left behind when it was killed is removed first.
 *
 * @param {{ dir?: string }} [options] `dir` is an empty folder to use instead of one under the system's temporary one
 * @returns {Promise<{ url: string, superuserUrl: string, stop: () => Promise<void> }>}
 *   `url` is that of the owner role of database `portal`, which may create databases and roles but is no superuser
 */
export async function startTemporaryPostgres({ dir } = {}) {
  const account = serverAccount();
  await removeAbandonedTemporaries(account);
  const home = dir ?? mkdtempSync(join(temporaryDir(account), TEMPORARY_PREFIX));
  mkdirSync(home, { recursive: true });
  giveTo(account, home);
  writeFileSync(join(home, "made-by"), processIdentity());
  const superuserPassword = keptSecret("superuser-password", home);
  const cluster = { dir: join(home, "data"), account, superuserPassword };
  const options = { logFile: join(home, "pg.log"), settings: TEMPORARY_SETTINGS };
  const { postmaster } = await openCluster(cluster, options);
  const superuserUrl = urlOf(postmaster.port, "postgres", superuserPassword, "postgres");
  const ownerPassword = superuserPassword;
  await provisionDatabase({ superuserUrl, owner: OWNER, ownerPassword, database: DATABASE });
  return {
    url: urlOf(postmaster.port, OWNER, ownerPassword, DATABASE),
    superuserUrl,
    stop: async () => {
      await stopPostmaster(postmaster.pid);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Where the data folder of a portal lies: beside its other state unless PostgreSQL's account cannot get there. */
export function clusterOf(stateDir) {
  const account = serverAccount();
  const inside = join(stateDir, "postgres");
  if (canReach(inside, account)) return { dir: inside, account };
  const home = join(outsideDir, createHash("sha256").update(stateDir).digest("hex").slice(0, 16));
  return { dir: join(home, "postgres"), account };
}

async function openCluster(cluster, options) {
  const binariesFor = (major) => findPostgres({ account: cluster.account, major });
  mkdirSync(dirname(cluster.dir), { recursive: true, mode: 0o755 });
  moveAsideUnlessUsable(cluster);
  const binaries = binariesFor(majorOf(cluster.dir));
  if (majorOf(cluster.dir) === undefined) createCluster(cluster, binaries);
  const postmaster = await startPostmaster(cluster, binaries, options);
  return { postmaster, version: binaries.version };
}

function urlOf(port, role, password, database) {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

function temporaryDir(account) {
  if (canReach(join(tmpdir(), TEMPORARY_PREFIX), account)) return tmpdir();
  mkdirSync(outsideDir, { recursive: true, mode: 0o755 });
  return outsideDir;
}

async function removeAbandonedTemporaries(account) {
  const dir = temporaryDir(account);
  const homes = readdirSync(dir).filter((name) => name.startsWith(TEMPORARY_PREFIX));
  for (const home of homes.map((name) => join(dir, name)).filter(isAbandoned)) {
    const pid = serverOn(join(home, "data"));
    if (pid) await stopPostmaster(pid);
    rmSync(home, { recursive: true, force: true });
  }
}

function isAbandoned(home) {
  const madeBy = join(home, "made-by");
  return existsSync(madeBy) && !isAlive(readFileSync(madeBy, "utf8"));
}
