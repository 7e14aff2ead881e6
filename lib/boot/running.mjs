import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, processIdentity } from "./identity.mjs";
import { dataDir } from "./paths.mjs";

const file = join(dataDir, "running.json");

/** @typedef {{ identity: string, portalUrl: string, port: number, smtpUrl?: string }} Running */

/** The portal that serves from this data folder now. @returns {Running | undefined} */
export function runningPortal() {
  try {
    const running = JSON.parse(readFileSync(file, "utf8"));
    return isAlive(running.identity) ? running : undefined;
  } catch {
    return undefined;
  }
}

export function announceRunning(portal) {
  writeFileSync(file, JSON.stringify({ ...portal, identity: processIdentity() }), { mode: 0o600 });
}

export function withdrawRunning() {
  if (runningPortal()?.identity === processIdentity()) rmSync(file, { force: true });
}
