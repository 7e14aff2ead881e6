import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { buildPages } from "./build.mjs";
import { bundlePrograms } from "./bundle.mjs";
import { ensureFile, ensureServers, ensureTool } from "./debian-tools.mjs";
import { ensureFaketime } from "./faketime.mjs";
import { reportFailure, say, step } from "./output.mjs";
import { checkoutDataDir } from "./paths.mjs";
import { binOf, runNode } from "./run.mjs";
import { stopSignal } from "./shutdown.mjs";
import { asCheck, playwrightCounts, sum, vitestCounts } from "./test-results.mjs";

const TEST_DIST_DIR = ".next-test";
export const reportsDir = join(checkoutDataDir, "test");

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
  const { failed } = await runParts(parts.map((part) => () => part(rest)));
  return failed === 0 ? 0 : 1;
}

/**
 * Runs all parts, whatever the earlier ones gave, and says the sum.
 *
 * @param {(() => Promise<Counts>)[]} parts
 * @returns {Promise<Counts>}
 */
export async function runParts(parts) {
  mkdirSync(reportsDir, { recursive: true });
  const counts = [];
  for (const part of parts) {
    stopSignal.throwIfAborted();
    counts.push(await settled(part));
  }
  const total = sum(counts);
  // At the very end, where they are read even when all the rest has been cut off.
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.map((name) => `  - ${name}`).join("\n")}`);
  say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total;
}

async function settled(part) {
  try {
    return await part();
  } catch (error) {
    reportFailure(error);
    return asCheck(false, String(error?.message ?? error).split("\n")[0]);
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
  return asCheck(ok, name);
}

/**
 * @param {string[]} args
 * @param {{ named?: RegExp, env?: NodeJS.ProcessEnv }} [options] `named` leaves out what has another name
 */
export async function vitest(args, { named, env } = {}) {
  say("\n# vitest");
  const file = freshReport("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const program = [binOf("vitest"), "run", "--config", "tests/vitest.config.ts", ...reporters];
  const filter = named ? ["-t", named.source] : [];
  const judges = { ...samlJudge(), ...deployedServers(), ...env };
  const code = await runNode([...program, ...filter, ...args], { env: { ...testEnvironment(), ...judges } });
  return vitestCounts(file, code, named);
}

/** What stands before and behind the portal in production: PGBOUNCER, HAPROXY, NGINX, CADDY, for the files of `deploy/`. */
function deployedServers() {
  const found = ensureServers({
    pgbouncer: "pgbouncer",
    haproxy: "haproxy",
    nginx: "nginx-light",
    caddy: "caddy",
  });
  return Object.fromEntries(Object.entries(found).map(([program, path]) => [program.toUpperCase(), path]));
}

/** OneLogin's SAML library, which judges the same answers. Debian's own Python alone has it. */
function samlJudge() {
  const library = "/usr/lib/python3/dist-packages/onelogin/saml2/response.py";
  return ensureFile(library, "python3-onelogin-saml2") && { SAML_JUDGE: "/usr/bin/python3" };
}

/**
 * @param {string[]} args
 * @param {{ named?: RegExp, env?: NodeJS.ProcessEnv }} [options] `named` leaves out what has another name or tag
 */
export async function endToEnd(args, { named, env } = {}) {
  say("\n# end to end");
  if (process.env.PORTAL_SKIP_E2E === "1") {
    say("  left out: PORTAL_SKIP_E2E=1");
    return { passed: 0, failed: 0, skipped: 1, failures: [] };
  }
  const prepared = await prepareEndToEnd();
  const file = freshReport("playwright.json");
  const program = [
    binOf("@playwright/test", "playwright"),
    "test",
    "--config",
    "tests/playwright.config.ts",
    "--reporter=line,json",
    ...(named ? ["--grep", named.source] : []),
  ];
  const code = await runNode([...program, ...args], {
    env: {
      ...testEnvironment(),
      // Stories start a dozen portals: what one of them has compiled, the others find.
      NODE_COMPILE_CACHE: join(reportsDir, "compiled"),
      ...prepared,
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    },
  });
  return playwrightCounts(file, code);
}

async function prepareEndToEnd() {
  const browser = await step("browser", async (note) => {
    const path = await ensureBrowser();
    note(path);
    return path;
  });
  const shell = process.env.CHROMIUM_PATH ? undefined : ensureTool("chromium-headless-shell");
  const faketime = ensureFaketime();
  const oathtool = ensureTool("oathtool");
  const zbarimg = ensureTool("zbarimg", "zbar-tools");
  const simplesamlphp = ensureSimpleSamlPhp();
  return {
    CHROMIUM_PATH: browser,
    ...deployedServers(),
    ...(await prepareThrowAwayPortal()),
    ...(shell && { HEADLESS_SHELL: shell }),
    ...(faketime && { FAKETIME_LIBRARY: faketime }),
    ...(oathtool && { OATHTOOL: oathtool }),
    ...(zbarimg && { ZBARIMG: zbarimg }),
    ...(simplesamlphp && { SIMPLESAMLPHP: simplesamlphp }),
  };
}

/** The program that runs SimpleSAMLphp, where both are there. */
function ensureSimpleSamlPhp() {
  const packages = ["simplesamlphp", "php-cli", "php-xml", "php-mbstring"];
  return ensureFile("/usr/share/simplesamlphp/www/module.php", ...packages) && ensureTool("php", "php-cli");
}

/** What `startPortal` of the tests needs: everything built for production, and where it is. */
export async function prepareThrowAwayPortal() {
  await step("programs", bundlePrograms);
  await step("pages", (note) => buildPages(note, TEST_DIST_DIR));
  return { PORTAL_DIST_DIR: TEST_DIST_DIR };
}

function freshReport(name) {
  const file = join(reportsDir, name);
  rmSync(file, { force: true });
  return file;
}

/** Whatever portal this shell is set up for, no test may touch it. */
export function testEnvironment() {
  const hidden = /^(DATABASE_.*|SMTP_URL|MAIL_FROM|PORT|HOST|NODE_ENV|METRICS_TOKEN|TRUSTED_PROXIES)$/;
  const hiddenPortal = /^PORTAL_(?!SKIP_E2E$|PICTURES$)/;
  const rest = Object.entries(process.env).filter(([name]) => !hidden.test(name) && !hiddenPortal.test(name));
  return Object.fromEntries(rest);
}
