import { availableParallelism } from "node:os";
import { join } from "node:path";
import { checkoutDataDir, dataDir } from "./paths.mjs";
import { portalKeys } from "./secrets.mjs";

/** Where Node keeps what it has compiled of the programs and their packages, a fifth of a start (PERF17). */
const COMPILED = { NODE_COMPILE_CACHE: join(checkoutDataDir, "compile-cache") };

/** Environment of every child that runs the product. The owner's address stays behind: only migrations need it. */
export function childEnvironment(settings, database, { smtpUrl, inbox, demo } = {}) {
  const { DATABASE_URL: _, PORTAL_REEXEC: __, ...rest } = process.env;
  return withoutEmpty({
    ...rest,
    ...COMPILED,
    NODE_ENV: settings.mode,
    NEXT_TELEMETRY_DISABLED: "1",
    PORTAL_URL: settings.portalUrl.origin,
    PORT: String(settings.port),
    HOST: settings.host,
    PORTAL_HASHERS: String(Math.ceil(availableParallelism() / settings.processes)),
    DATABASE_APP_URL: database.appUrl,
    DATABASE_DIRECT_URL: database.appDirectUrl,
    DATABASE_PREPARE: process.env.DATABASE_PREPARE || "on",
    PORTAL_KEYS: portalKeys(),
    SMTP_URL: process.env.SMTP_URL || smtpUrl,
    MAIL_FROM: process.env.MAIL_FROM || `no-reply@${settings.portalUrl.hostname}`,
    PORTAL_INBOX_DIR: inbox?.dir,
    PORTAL_INBOX_PORT: inbox && String(inbox.port),
    PORTAL_DATA_DIR: dataDir,
    PORTAL_DIST_DIR: process.env.PORTAL_DIST_DIR || ".next",
    TRUSTED_PROXIES: process.env.TRUSTED_PROXIES || "0",
    PORTAL_DEMO: settings.isDemo ? "1" : "",
    // Ours first; a test may name one of its own besides. The children refuse them where there is no demo.
    PORTAL_DEMO_ISSUERS: [demo?.origin, process.env.PORTAL_DEMO_ISSUERS].filter(Boolean).join(","),
    PORTAL_DEMO_CLIENT_SECRET: demo?.clientSecret,
  });
}

/** Environment of the one child that owns the schema. */
export function migrationEnvironment(database) {
  return withoutEmpty({
    ...process.env,
    ...COMPILED,
    DATABASE_URL: database.ownerDirectUrl,
    DATABASE_APP_URL: database.appUrl,
    DATABASE_DIRECT_URL: database.appDirectUrl,
    PORTAL_APP_PASSWORD: database.appPassword,
  });
}

function withoutEmpty(env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}
