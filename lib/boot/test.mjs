import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { buildPages } from "./build.mjs";
import { bundlePrograms } from "./bundle.mjs";
import { ensureFaketime } from "./faketime.mjs";
import { reportFailure, say, step } from "./output.mjs";
import { checkoutDataDir } from "./paths.mjs";
import { binOf, runNode } from "./run.mjs";
import { stopSignal } from "./shutdown.mjs";
import { asCheck, playwrightCounts, sum, vitestCounts } from "./test-results.mjs";

const TEST_DIST_DIR = ".next-test";
const reportsDir = join(checkoutDataDir, "test");

/** @typedef {import("./test-results.mjs").Counts} Counts */

/** @type {Record<string, ((rest: string[]) => Promise<Counts>)[]>} */
const selections = {
  check: [lint, types, unused],
  unit: [(rest) => vitest(["--project", "unit", ...rest])],
  integration: [(rest) => vitest(["--project", "integration", ...rest])],
  architecture: [(rest) => vitest(["--project", "architecture", ...rest])],
  e2e: [endToEnd],
};

/**
 * Runs everything, or one selection and what follows it as a filter. All parts run, whatever the earlier ones gave.
 *
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function runTests([selection, ...rest]) {
  const parts = selection ? selections[selection] : [lint, types, unused, vitest, endToEnd];
  if (!parts) {
    say(`npm test -- ${Object.keys(selections).join(" | ")}; without a word it runs everything.`);
    return 2;
  }
  mkdirSync(reportsDir, { recursive: true });
  const counts = [];
  for (const part of parts) {
    stopSignal.throwIfAborted();
    counts.push(await settled(part, rest));
  }
  const { passed, failed, skipped } = sum(counts);
  say(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

async function settled(part, rest) {
  try {
    return await part(rest);
  } catch (error) {
    reportFailure(error);
    return asCheck(false);
  }
}

function lint() {
  return checkWith("lint", [[binOf("@biomejs/biome", "biome"), "check", "."]]);
}

function unused() {
  return checkWith("unused code", [[binOf("knip"), "--no-progress"]]);
}

function types() {
  return checkWith("types", [[binOf("next"), "typegen"], [binOf("typescript", "tsc")]]);
}

/** A check of one or several programs: it holds when each of them ends well. */
async function checkWith(name, programs) {
  say(`\n# ${name}`);
  for (const program of programs) {
    if ((await runNode(program, { env: testEnvironment() })) !== 0) return report(name, false);
  }
  return report(name, true);
}

function report(name, ok) {
  say(`  ${name}: ${ok ? "passed" : "failed"}`);
  return asCheck(ok);
}

async function vitest(args) {
  say("\n# vitest");
  const file = freshReport("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const program = [binOf("vitest"), "run", "--config", "tests/vitest.config.ts", ...reporters, ...args];
  return vitestCounts(file, await runNode(program, { env: testEnvironment() }));
}

async function endToEnd(args) {
  say("\n# end to end");
  if (process.env.PORTAL_SKIP_E2E === "1") {
    say("  left out: PORTAL_SKIP_E2E=1");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const env = { ...testEnvironment(), ...(await prepareEndToEnd()) };
  const file = freshReport("playwright.json");
  const program = [
    binOf("@playwright/test", "playwright"),
    "test",
    "--config",
    "tests/playwright.config.ts",
    "--reporter=line,json",
  ];
  const code = await runNode([...program, ...args], { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } });
  return playwrightCounts(file, code);
}

async function prepareEndToEnd() {
  const browser = await step("browser", async (note) => {
    const path = await ensureBrowser();
    note(path);
    return path;
  });
  const faketime = ensureFaketime();
  await step("programs", bundlePrograms);
  await step("pages", (note) => buildPages(note, TEST_DIST_DIR));
  return {
    CHROMIUM_PATH: browser,
    PORTAL_DIST_DIR: TEST_DIST_DIR,
    ...(faketime && { FAKETIME_LIBRARY: faketime }),
  };
}

function freshReport(name) {
  const file = join(reportsDir, name);
  rmSync(file, { force: true });
  return file;
}

// Whatever portal this shell is set up for, no test may touch it.
function testEnvironment() {
  const hidden = /^(DATABASE_.*|SMTP_URL|MAIL_FROM|PORT|HOST|NODE_ENV|METRICS_TOKEN|TRUSTED_PROXIES)$/;
  const hiddenPortal = /^PORTAL_(?!SKIP_E2E$|PICTURES$)/;
  const rest = Object.entries(process.env).filter(([name]) => !hidden.test(name) && !hiddenPortal.test(name));
  return Object.fromEntries(rest);
}
