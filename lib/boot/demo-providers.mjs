import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataDir } from "./paths.mjs";
import { freePort, isPortFree } from "./ports.mjs";
import { keptSecret } from "./secrets.mjs";

/**
 * @typedef {{ port: number, origin: string, clientSecret: string }} DemoProviders
 */

/**
 * Where the built-in identity providers listen, on loopback: with the demo data, on *.localhost, and never else (DEC18). The
 * port is the same at each start while it is free, so that browsers and bookmarks find them again.
 *
 * @param {import("./settings.mjs").Settings} settings
 * @returns {Promise<DemoProviders | undefined>}
 */
export async function openDemoProviders({ isDemo, portalUrl }) {
  if (!isDemo || !portalUrl.hostname.endsWith(".localhost")) return undefined;
  const port = await keptPort();
  return { port, origin: `http://127.0.0.1:${port}`, clientSecret: keptSecret("demo-client-secret") };
}

async function keptPort() {
  const file = join(dataDir, "demo-providers-port");
  const before = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (before > 0 && (await isPortFree(before))) return before;
  const port = await freePort();
  writeFileSync(file, String(port), { mode: 0o600 });
  return port;
}
