import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts */

const RAN = new Set(["passed", "failed"]);

/** One check that either holds or does not. @returns {Counts} */
export const asCheck = (ok, name = "a check") =>
  ok
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [name] };

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = (key) => all.reduce((count, one) => count + one[key], 0);
  const failures = all.flatMap((one) => one.failures);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped"), failures };
}

/** What vitest's json reporter counted; what was left out for its name has not been skipped. @returns {Counts} */
export function vitestCounts(file, exitCode, named = /(?:)/) {
  const report = readJson(file);
  if (!report) return asCheck(false, "vitest wrote no report");
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  );
  // A file that does not even load has no tests in it, but it is a failure.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return withExitCode(exitCode, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: tests.filter(({ status, fullName }) => !RAN.has(status) && named.test(fullName)).length,
    failures: [
      ...broken.map(({ name }) => `${name}: does not load`),
      ...tests
        .filter(({ status }) => status === "failed")
        .map(({ file, fullName, failureMessages }) => described(`${file}: ${fullName}`, failureMessages[0])),
    ],
  });
}

/** What Playwright's json reporter counted; a test that passed at the second try has passed. @returns {Counts} */
export function playwrightCounts(file, exitCode) {
  const report = readJson(file);
  if (!report?.stats) return asCheck(false, "Playwright wrote no report");
  const { stats, suites } = report;
  return withExitCode(exitCode, {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: suites.flatMap(failedStories),
  });
}

function failedStories({ specs = [], suites = [] }) {
  const failed = specs
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const results = tests.flatMap((test) => test.results);
      return described(`${file}: ${title}`, results.find(({ error }) => error)?.error.message);
    });
  return [...failed, ...suites.flatMap(failedStories)];
}

/** A name with the beginning of what went wrong. */
function described(name, message = "") {
  const [first = ""] = stripVTControlCharacters(message).split("\n");
  return first === "" ? name : `${name}\n      ${first.slice(0, 300)}`;
}

// A runner that ends badly without a failed test (a global set-up that threw) must not look green.
function withExitCode(exitCode, counts) {
  const isSilent = exitCode !== 0 && counts.failed === 0;
  return isSilent ? { ...counts, failed: 1, failures: [`the runner ended with code ${exitCode}`] } : counts;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
