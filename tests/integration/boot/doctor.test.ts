import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const launcher = resolve(import.meta.dirname, "../../../lib/boot/portal.mjs");

/** What the doctor says of a machine with these variables and no portal yet, and its exit code. */
function examine(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), "portal-doctor-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const { NODE_ENV, PATH } = process.env;
  const options = { env: { NODE_ENV, PATH, PORTAL_DATA_DIR: dataDir, PORT: "0", ...env } };
  return new Promise((answered) => {
    execFile(process.execPath, [launcher, "doctor"], options, (error, said) =>
      answered({ code: Number(error?.code ?? 0), said }),
    );
  });
}

test.for([
  [{ PORTAL_PROCESSES: "1" }, "one server process", 0],
  [{ PORTAL_PROCESSES: "2", TRUSTED_PROXIES: "1" }, "2 server processes behind a proxy", 0],
  [{ PORTAL_PROCESSES: "2" }, "Set TRUSTED_PROXIES to how many proxies there are", 1],
  [{ PORTAL_PROCESSES: "two" }, "it must be a number from 1 to 64", 1],
] as const)(
  "the doctor says whether several processes know whom they serve: %o (SEC15)",
  async ([env, words, code]) => {
    expect(await examine(env)).toMatchObject({ said: expect.stringContaining(words), code });
  },
);
