import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const RAN = new Set(["passed", "failed"]);

/** One check that either holds or does not. @returns {Counts} */
export const asCheck = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = (key) => all.reduce((count, one) => count + one[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}

/** What vitest's json reporter counted; what was left out for its name has not been skipped. @returns {Counts} */
export function vitestCounts(file, exitCode, named = /(?:)/) {
  const report = readJson(file);
  if (!report) return asCheck(false);
  // A file that does not even load has no tests in it, but it is a failure.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return withExitCode(exitCode, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, fullName }) => !RAN.has(status) && named.test(fullName)).length,
  });
}

/** What Playwright's json reporter counted; a test that passed at the second try has passed. @returns {Counts} */
export function playwrightCounts(file, exitCode) {
  const stats = readJson(file)?.stats;
  if (!stats) return asCheck(false);
  return withExitCode(exitCode, {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  });
}

// A runner that ends badly without a failed test (a global set-up that threw) must not look green.
function withExitCode(exitCode, counts) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
