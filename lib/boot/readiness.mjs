import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./output.mjs";
import { stopSignal } from "./shutdown.mjs";

const TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** Waits until the server says that it can serve. */
export async function untilReady(port, host) {
  const address = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    stopSignal.throwIfAborted();
    if ((await statusOf(port, address)) === 200) return;
  }
  throw new Refusal(
    `The server on port ${port} was not ready within ${TIMEOUT_MS / 1000} s; its own lines above say why.`,
  );
}

function statusOf(port, host) {
  return new Promise((resolve) => {
    const request = get({ host, port, path: "/api/health/ready", timeout: 30_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(undefined));
  });
}
