import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const repoDir = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** All local state. PORTAL_DATA_DIR points a throw-away portal (a test) at a folder of its own. */
export const dataDir = resolve(process.env.PORTAL_DATA_DIR || join(repoDir, ".data"));

/** State that belongs to the checkout and not to one portal: install lock, bundles, logs of builds. */
export const checkoutDataDir = join(repoDir, ".data");

export function ensureDataDir() {
  ensureStateDir(checkoutDataDir);
  ensureStateDir(dataDir);
}

/** As root, PostgreSQL runs under another account and must be able to walk through; every secret inside is 0600. */
export function ensureStateDir(dir) {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  if (!existsSync(dir)) mkdirSync(dir, { recursive: true });
  chmodSync(dir, mode);
}
