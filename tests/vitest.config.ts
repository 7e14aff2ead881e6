import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SETTINGS } from "./support/settings.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const project = (name: string, more: { globalSetup?: string; setupFiles?: string[] } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    ...more,
    setupFiles: [
      here("support/begin-anew.ts"),
      here("support/settled-chance.ts"),
      ...(more.setupFiles ?? []),
    ],
  },
});

/**
 * postgres.js writes once more to a connection that the server has just ended, from a timer where nobody can catch it. The
 * statement itself is rejected, which is what the tests that end connections hold (REL7); Next and the launcher outlive it.
 */
const isLateWrite = ({ message, stack = "" }: { message: string; stack?: string }) =>
  message === "Cannot read properties of null (reading 'write')" &&
  stack.includes("postgres/src/connection.js");

/** Three projects, one for each folder of tests. Only integration tests need a database. */
export default defineConfig({
  root: here(".."),
  resolve: { alias: { "server-only": here("support/empty-module.ts") } },
  test: {
    environment: "node",
    env: SETTINGS,
    maxWorkers: 2,
    // Loading the product costs a file of tests more than most of its tests do. What has to be its own is made anew for
    // each file by its set-up: settings, what the process keeps, database, connections, mail server and log.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    onUnhandledError: (error) => !isLateWrite(error),
    // Auth.js imports Next without its file extensions.
    server: { deps: { inline: ["next-auth", "@auth/core"] } },
    projects: [
      project("unit"),
      project("architecture"),
      project("integration", {
        globalSetup: here("support/temporary-postgres.ts"),
        setupFiles: [here("support/set-up-file.ts")],
      }),
    ],
  },
});
