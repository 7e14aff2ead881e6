import { Refusal } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { keptSecret } from "./secrets.mjs";

const RUNTIME_ROLE = "portal_app";

/**
 * @typedef {{
 *   ownerUrl: string, ownerDirectUrl: string, appUrl: string, appDirectUrl: string,
 *   appPassword?: string, embedded: boolean, close: () => Promise<void>
 * }} Database `appPassword` is set where boot looks after the login of the runtime role
 */

/** The operator's database, else the portal's own. @returns {Promise<Database>} */
export async function openDatabase(note = () => undefined, env = process.env) {
  if (env.DATABASE_URL) {
    note(`PostgreSQL on ${hostOf(env.DATABASE_URL, "DATABASE_URL")}`);
    return { ...urls(env.DATABASE_URL, env), embedded: false, close: async () => undefined };
  }
  if (env.DATABASE_APP_URL)
    throw new Refusal("DATABASE_URL is missing: DATABASE_APP_URL is set, so set both.");
  const { startEmbeddedPostgres } = await import("./postgres/postgres.mjs");
  const server = await startEmbeddedPostgres(dataDir);
  const state = server.reused ? "already running" : "started";
  note(`embedded PostgreSQL ${server.version} ${state} on port ${server.port}`);
  return { ...urls(server.url, {}), embedded: true, close: server.close };
}

function urls(ownerUrl, { DATABASE_APP_URL, DATABASE_DIRECT_URL }) {
  const appPassword = DATABASE_APP_URL ? undefined : keptSecret("app-password", dataDir);
  const appUrl = DATABASE_APP_URL || withCredentials(ownerUrl, RUNTIME_ROLE, appPassword);
  hostOf(appUrl, "DATABASE_APP_URL");
  return {
    ownerUrl,
    ownerDirectUrl: direct(ownerUrl, DATABASE_DIRECT_URL),
    appUrl,
    appDirectUrl: direct(appUrl, DATABASE_DIRECT_URL),
    appPassword,
  };
}

// The direct address says where, never who: owner and runtime role each keep their own credentials there.
function direct(url, directUrl) {
  if (!directUrl) return url;
  hostOf(directUrl, "DATABASE_DIRECT_URL");
  const { username, password } = new URL(url);
  return withCredentials(directUrl, decodeURIComponent(username), decodeURIComponent(password));
}

function withCredentials(text, username, password) {
  const url = new URL(text);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
}

function hostOf(text, variable) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol)) return url.host;
  throw new Refusal(
    `${variable} is no PostgreSQL address. It looks like postgres://user:password@host:5432/database.`,
  );
}
