import { Refusal } from "./output.mjs";
import { choosePort, DEFAULT_PORT } from "./ports.mjs";

/**
 * @typedef {{
 *   mode: "production" | "development", host: string, port: number, portalUrl: URL, processes: number,
 *   hasInbox: boolean, isDemo: boolean
 * }} Settings
 */

/**
 * What this start serves, from the variables of the public contract.
 *
 * @param {"production" | "development"} mode
 * @returns {Promise<Settings>}
 */
export async function readSettings(mode, env = process.env) {
  const host = env.HOST || "127.0.0.1";
  const settings = settingsOn(await choosePort(env.PORT, host), mode, env);
  return { ...settings, hasInbox: decideInbox(settings.portalUrl, env) };
}

/** The same for a program that serves nothing: it speaks of the portal that runs, or would. @returns {Settings} */
export function settingsOfOthers(mode, running, env = process.env) {
  const settings = settingsOn(running?.port ?? (env.PORT || DEFAULT_PORT), mode, env);
  return running ? { ...settings, portalUrl: new URL(running.portalUrl) } : settings;
}

function settingsOn(port, mode, env) {
  return {
    mode,
    host: env.HOST || "127.0.0.1",
    port: Number(port),
    portalUrl: parsePortalUrl(env.PORTAL_URL || `http://portal.localhost:${port}`),
    processes: mode === "development" ? 1 : parseProcesses(env.PORTAL_PROCESSES),
    hasInbox: false,
    isDemo: isDemo(env),
  };
}

/** DEC2: demo data only where nobody's own data can be. */
const isDemo = (env = process.env) => !env.DATABASE_URL || env.PORTAL_DEMO === "1";

/** DEC3: mail that only an inbox on this machine shows must not be mistaken for mail that is delivered. */
export function decideInbox(portalUrl, env) {
  if (env.SMTP_URL) return false;
  if (portalUrl.hostname.endsWith(".localhost")) return true;
  throw new Refusal(
    `SMTP_URL is missing. PORTAL_URL is ${portalUrl.origin}, so mail must really be delivered: set SMTP_URL to your mail\n` +
      "server, like smtps://user:password@mail.example.com. (The built-in inbox exists on *.localhost only.)",
  );
}

function parsePortalUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search) return url;
  throw new Refusal("PORTAL_URL must be the apex address without a path, like https://portal.example.com.");
}

/** How many server processes a start of the portal has; what is no such number is a Refusal. */
export function parseProcesses(text = "1") {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new Refusal(`PORTAL_PROCESSES is "${text}"; it must be a number from 1 to 64.`);
}
