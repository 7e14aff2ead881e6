import { runNode } from "./run.mjs";
import { prepareThrowAwayPortal, testEnvironment } from "./test.mjs";

/**
 * Measures every line, or those with these ids, on a throw-away portal of the production build (DEC24).
 *
 * @param {string[]} ids
 * @returns {Promise<number>} exit code
 */
export async function bench(ids) {
  const env = { ...testEnvironment(), ...(await prepareThrowAwayPortal()) };
  return runNode(["tests/bench/bench.ts", ...ids], { env });
}
