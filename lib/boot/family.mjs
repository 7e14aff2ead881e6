import { spawn } from "node:child_process";
import { say } from "./output.mjs";
import { repoDir } from "./paths.mjs";
import { openSharedSocket, SOCKET_FD } from "./shared-socket.mjs";
import { onEmergency } from "./shutdown.mjs";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const STEADY_AFTER_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * On a machine with much memory V8 lets garbage lie until there is several times as much of it as of what is used. And no source
 * maps: they would lie in memory whole (PERF12).
 */
const IN_PRODUCTION = ["--max-semi-space-size=16", "--heap-growing-percent=50"];

/**
 * The C library's own first values, in bytes, held there. Left alone it raises them with each large buffer that is freed, and
 * keeps more and more of what lies free between buffers in use.
 */
const GIVES_BACK = { MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" };

/**
 * @typedef {import("node:child_process").ChildProcess} Child
 * @typedef {{
 *   name: string, program: string, env: NodeJS.ProcessEnv, place?: import("./shared-socket.mjs").Place
 * }} Program `place` is where it listens, on a socket that its successor takes over
 * @typedef {Program & { child?: Child }} Member
 */

/**
 * The children of this launcher: each is started again when it ends by itself, and all end together.
 */
export function startFamily() {
  const family = { members: new Set(), children: new Set(), isStopping: false };
  onEmergency(() => {
    family.isStopping = true;
    for (const child of family.children) child.kill("SIGKILL");
  });
  return {
    /** @param {Program} program @returns {Member} */
    add(program) {
      const member = { ...program, family, delay: FIRST_DELAY_MS, isBeingReplaced: false };
      family.members.add(member);
      begin(member);
      return member;
    },
    replace,
    async stop() {
      family.isStopping = true;
      for (const member of family.members) {
        clearTimeout(member.timer);
        closeSocket(member);
      }
      await Promise.all([...family.children].map(stopChild));
    },
  };
}

function begin(member) {
  adopt(member, bear(member));
}

function bear(member, program = member) {
  member.socket ??= member.place && openSharedSocket(member.place);
  const child = spawnProgram(program, member.socket);
  const { children } = member.family;
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

function adopt(member, child) {
  const started = performance.now();
  clearTimeout(member.timer);
  member.child = child;
  const onExit = (code, signal) => {
    if (member.child !== child) return;
    member.child = undefined;
    if (member.family.isStopping || member.isBeingReplaced) return;
    // With nobody to accept, whoever connects shall be refused rather than wait.
    closeSocket(member);
    beginLater(member, performance.now() - started, signal ?? `code ${code}`);
  };
  if (hasEnded(child)) onExit(child.exitCode, child.signalCode);
  else child.once("exit", onExit);
}

function beginLater(member, livedMs, how) {
  if (livedMs > STEADY_AFTER_MS) member.delay = FIRST_DELAY_MS;
  say(`  ${member.name} ended (${how}); it is started again in ${member.delay / 1000} s`);
  member.timer = setTimeout(begin, member.delay, member);
  member.delay = Math.min(member.delay * 2, LONGEST_DELAY_MS);
}

/**
 * Puts a new child in a member's place, and then ends the one before. One that never serves is ended instead, and the
 * one before stays.
 *
 * @param {Member} member
 * @param {{ program: string, env: NodeJS.ProcessEnv }} next
 * @param {(child: Child) => Promise<void>} untilServes
 */
async function replace(member, next, untilServes) {
  clearTimeout(member.timer);
  member.isBeingReplaced = true;
  const successor = bear(member, next);
  try {
    await untilServes(successor);
  } catch (error) {
    await stopChild(successor);
    member.isBeingReplaced = false;
    if (!member.child && !member.family.isStopping) begin(member);
    throw error;
  }
  member.isBeingReplaced = false;
  const predecessor = member.child;
  adopt(Object.assign(member, next), successor);
  if (predecessor) await stopChild(predecessor);
}

function closeSocket(member) {
  member.socket?.close();
  member.socket = undefined;
}

// A process group of its own, so that Ctrl-C comes through us and everything ends in order.
function spawnProgram({ program, env: given }, socket) {
  const preload = new URL("./child-of-launcher.mjs", import.meta.url).href;
  const isInProduction = given.NODE_ENV === "production";
  const flags = isInProduction ? IN_PRODUCTION : ["--enable-source-maps"];
  const args = [...flags, "--import", preload, program];
  const stdio = ["ignore", "inherit", "inherit", "ipc", ...(socket ? [socket] : [])];
  const env = {
    ...(isInProduction && GIVES_BACK),
    ...given,
    ...(socket && { PORTAL_LISTEN_FD: String(SOCKET_FD) }),
  };
  const child = spawn(process.execPath, args, { cwd: repoDir, env, detached: true, stdio });
  child.once("error", (error) => say(`  ${program} could not be started: ${error.message}`));
  return child;
}

const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

function stopChild(child) {
  if (hasEnded(child)) return;
  return new Promise((resolve) => {
    const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(impatient);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
