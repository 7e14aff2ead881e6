import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { Refusal, say, step } from "./output.mjs";
import { checkoutDataDir, repoDir } from "./paths.mjs";
import { binOf, lastLines, runNode } from "./run.mjs";
import { shareChunks } from "./share-chunks.mjs";
import { sourceHash } from "./source-hash.mjs";

const SOURCES = [
  "app",
  "components",
  "lib",
  "db/schema",
  "db/client.ts",
  "db/tenant.ts",
  "emails",
  "public",
  "next.config.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];
const STAMP = "portal-sources";

export const distDir = process.env.PORTAL_DIST_DIR || ".next";

/**
 * Compiles the pages for production, unless this state of the sources is compiled already.
 *
 * @param {(note: string) => void} note
 */
export async function buildPages(note, dist = distDir) {
  if (isBuilt(dist)) return note("unchanged");
  const lock = join(checkoutDataDir, `build-lock${dist.replace(/\W/g, "-")}`);
  await withLock(
    lock,
    () => buildUnlessDone(dist),
    () => say("  another start is building, waiting for it"),
  );
  return note(`into ${dist}`);
}

/** Whether the pages on disk are compiled from the sources as they are now. */
export const hasPages = () => isBuilt(distDir);

export const buildOnly = () => step("pages", (note) => buildPages(note));

async function buildUnlessDone(dist) {
  if (isBuilt(dist)) return;
  const hash = sourceHash(SOURCES);
  const log = join(checkoutDataDir, "build.log");
  const code = await runNode([binOf("next"), "build"], { env: buildEnvironment(dist), logFile: log });
  if (code !== 0)
    throw new Refusal(`${lastLines(log, 40)}\n\nnext build failed; the whole output is in ${log}.`);
  shareChunks(join(repoDir, dist, "server", "chunks"));
  writeFileSync(join(repoDir, dist, STAMP), hash);
}

function isBuilt(dist) {
  const stamp = join(repoDir, dist, STAMP);
  if (!existsSync(stamp) || !existsSync(join(repoDir, dist, "BUILD_ID"))) return false;
  return readFileSync(stamp, "utf8") === sourceHash(SOURCES);
}

// No address and no secret: what is compiled must not depend on whose portal it will be.
function buildEnvironment(dist) {
  const hidden = /^(DATABASE_|PORTAL_|SMTP_|MAIL_FROM$|METRICS_TOKEN$)/;
  const rest = Object.entries(process.env).filter(([name]) => !hidden.test(name));
  return {
    ...Object.fromEntries(rest),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    PORTAL_DIST_DIR: dist,
  };
}
