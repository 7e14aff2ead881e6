import { spawn } from "node:child_process";
import { say } from "./output.mjs";
import { repoDir } from "./paths.mjs";
import { onEmergency } from "./shutdown.mjs";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const STEADY_AFTER_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** @typedef {{ name: string, program: string, env: NodeJS.ProcessEnv }} Program */

/**
 * The children of this launcher: each is started again when it ends by itself, and all end together.
 */
export function startFamily() {
  const members = new Set();
  let stopping = false;

  /** @param {Program} program @returns {import("node:child_process").ChildProcess} as it runs first */
  function add(program) {
    const member = { ...program, delay: FIRST_DELAY_MS, child: undefined, timer: undefined };
    members.add(member);
    begin(member);
    return member.child;
  }

  function begin(member) {
    const started = performance.now();
    member.child = spawnMember(member);
    member.child.once("exit", (code, signal) => {
      member.child = undefined;
      if (!stopping) beginLater(member, performance.now() - started, signal ?? `code ${code}`);
    });
  }

  function beginLater(member, livedMs, how) {
    if (livedMs > STEADY_AFTER_MS) member.delay = FIRST_DELAY_MS;
    say(`  ${member.name} ended (${how}); it is started again in ${member.delay / 1000} s`);
    member.timer = setTimeout(begin, member.delay, member);
    member.delay = Math.min(member.delay * 2, LONGEST_DELAY_MS);
  }

  async function stop() {
    stopping = true;
    for (const { timer } of members) clearTimeout(timer);
    await Promise.all([...members].map(({ child }) => child && stopChild(child)));
  }

  function killAll() {
    stopping = true;
    for (const { child } of members) child?.kill("SIGKILL");
  }

  onEmergency(killAll);
  return { add, stop };
}

// A process group of its own, so that Ctrl-C comes through us and everything ends in order.
function spawnMember({ program, env }) {
  const preload = new URL("./child-of-launcher.mjs", import.meta.url).href;
  const args = ["--enable-source-maps", "--import", preload, program];
  const stdio = ["ignore", "inherit", "inherit", "ipc"];
  const child = spawn(process.execPath, args, { cwd: repoDir, env, detached: true, stdio });
  child.once("error", (error) => say(`  ${program} could not be started: ${error.message}`));
  return child;
}

function stopChild(child) {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(impatient);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
