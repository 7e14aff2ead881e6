import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoDir } from "./paths.mjs";
import { stopSignal } from "./shutdown.mjs";

/** Path of a package's executable script, so that no shell and no .cmd shim stands between. */
export function binOf(packageName, binName = packageName.split("/").pop()) {
  const dir = join(repoDir, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  return join(dir, typeof bin === "string" ? bin : bin[binName]);
}

/**
 * Runs a program to its end, or until this launcher is asked to stop.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, logFile?: string, stdio?: import("node:child_process").StdioOptions }} [options]
 *   `logFile` takes all output instead of the terminal
 * @returns {Promise<number>} exit code; 128 when a signal ended it or it could not be started
 */
export function run(command, args, { env = process.env, logFile, stdio = "inherit" } = {}) {
  const log = logFile === undefined ? undefined : openSync(logFile, "w", 0o600);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repoDir,
      env,
      stdio: log === undefined ? stdio : ["ignore", log, log],
    });
    const end = () => child.kill("SIGTERM");
    stopSignal.addEventListener("abort", end);
    const done = (code) => {
      stopSignal.removeEventListener("abort", end);
      if (log !== undefined) closeSync(log);
      resolve(code);
    };
    child.once("error", () => done(128));
    child.once("exit", (code) => done(code ?? 128));
  });
}

/** Runs a script on this same Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** The end of a log, for the operator whose step failed. */
export function lastLines(file, count = 20) {
  const text = readFileSync(file, "utf8").trimEnd();
  return text.split("\n").slice(-count).join("\n");
}
