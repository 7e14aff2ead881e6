import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../identity.mjs";
import { say } from "../output.mjs";

const POLL_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/**
 * Starts a PostgreSQL that ends by itself again, at the same port, because the children have its address.
 *
 * @param {number} firstPid
 * @param {() => Promise<{ pid: number }>} startAgain
 */
export function watchPostmaster(firstPid, startAgain) {
  let pid = firstPid;
  let isBusy = false;
  let isWatching = true;
  const look = async () => {
    if (isBusy || isRunning(pid)) return;
    isBusy = true;
    say("  PostgreSQL ended by itself; it is started again");
    pid = (await untilItStarts(startAgain, () => isWatching)) ?? pid;
    isBusy = false;
  };
  const timer = setInterval(() => void look(), POLL_MS).unref();
  return {
    pid: () => pid,
    end: () => {
      isWatching = false;
      clearInterval(timer);
    },
  };
}

async function untilItStarts(startAgain, isWanted) {
  for (let delay = POLL_MS; isWanted(); delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      return (await startAgain()).pid;
    } catch (error) {
      say(`  ${error.message}`);
      await sleep(delay, undefined, { ref: false });
    }
  }
  return undefined;
}
