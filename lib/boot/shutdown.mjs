import { say } from "./output.mjs";

const SAME_KEYSTROKE_MS = 1_000;
const PARENT_POLL_MS = 250;

const stop = new AbortController();
const emergencies = new Set();

/** Aborts when this launcher is asked to end: by a signal, or because the process that started it was killed. */
export const stopSignal = stop.signal;

/** @returns {Promise<void>} */
export function untilStopped() {
  if (stopSignal.aborted) return Promise.resolve();
  return new Promise((resolve) => stopSignal.addEventListener("abort", () => resolve(), { once: true }));
}

/** What a second Ctrl-C does, when the orderly end takes too long. Must not wait for anything. */
export function onEmergency(act) {
  emergencies.add(act);
}

let hangUp;

/** What SIGHUP asks for where no terminal can hang up: a service manager or an operator sent it. */
export function onHangUp(act) {
  hangUp = act;
}

/** npm and the terminal both pass on one Ctrl-C, so two signals in one second count as one. */
export function listenForStop() {
  let first;
  const onSignal = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      say("\nStopping. Ctrl-C again stops at once.");
      stop.abort();
    } else if (now - first > SAME_KEYSTROKE_MS) {
      for (const act of emergencies) act();
      process.exit(130);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, onSignal);
  process.on("SIGHUP", () => (hangUp && !process.stdin.isTTY ? hangUp() : onSignal()));
  process.once("disconnect", () => stop.abort());
  // Nobody reads any more, as after `npm start | head`.
  process.stdout.on("error", () => stop.abort());
  process.channel?.unref();
  watchParent();
}

// npm killed outright leaves us behind. Started otherwise, a parent may end with good reason (nohup).
function watchParent() {
  if (!process.env.npm_lifecycle_event || process.env.PORTAL_REEXEC) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop.abort(), PARENT_POLL_MS).unref();
}
