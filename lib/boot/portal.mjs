import { ensureDependencies } from "./install.mjs";
import { ensureNode24 } from "./node24.mjs";
import { reportFailure, say } from "./output.mjs";
import { ensureDataDir } from "./paths.mjs";
import { listenForStop, stopSignal } from "./shutdown.mjs";

// Each is loaded when it is called: what it imports may not be installed before.
const commands = {
  start: async () => (await import("./serve.mjs")).serve("production"),
  dev: async () => (await import("./serve.mjs")).serve("development"),
  worker: async () => (await import("./worker-only.mjs")).runWorker(),
  firm: async (args) => (await import("./firms.mjs")).manageFirms(args),
  "breach-list": async (args) => (await import("./breach-lists.mjs")).manageBreachLists(args),
  migrate: async () => (await import("./prepare.mjs")).prepareOnly(),
  build: async () => (await import("./build.mjs")).buildOnly(),
  setup: async () => (await import("./setup.mjs")).setUp(),
  test: async (args) => (await import("./test.mjs")).runTests(args),
  prove: async (args) => (await import("./prove.mjs")).prove(args),
  bench: async (args) => (await import("./bench.mjs")).bench(args),
  reset: async (args) => (await import("./reset.mjs")).reset(args),
  doctor: async () => (await import("./doctor.mjs")).examine(),
};

// They must work where nothing is installed, or what is installed does not work.
const BARE = new Set(["reset", "doctor"]);

const [name, ...args] = process.argv.slice(2);
const command = commands[name];

if (!command) {
  say(`Usage: npm run <command>, one of: ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}

try {
  if (!BARE.has(name)) {
    await ensureDependencies();
    await ensureNode24();
    ensureDataDir();
  }
  listenForStop();
  process.exitCode = (await command(args)) ?? 0;
} catch (error) {
  if (stopSignal.aborted) process.exitCode = 130;
  else {
    reportFailure(error);
    process.exitCode = 1;
  }
}
