import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./output.mjs";
import { stopSignal } from "./shutdown.mjs";

const TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** The server's process ended before it was ready. */
export class ServerEnded extends Refusal {}

/**
 * Waits until this server itself listens, and then until it says that it can serve.
 *
 * @param {import("node:child_process").ChildProcess} server
 */
export async function untilReady(server, port, host) {
  const deadline = performance.now() + TIMEOUT_MS;
  await untilListening(server, port);
  const address = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  for (; performance.now() < deadline; await sleep(POLL_MS)) {
    stopSignal.throwIfAborted();
    if ((await statusOf(port, address)) === 200) return;
  }
  throw notReady(port);
}

/** Waits until this server itself listens: it does once it has all that it needs to answer but the database. */
export function untilListening(server, port) {
  const late = AbortSignal.any([stopSignal, AbortSignal.timeout(TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    late.addEventListener("abort", () => reject(notReady(port)), { once: true });
    server.on("message", ({ listening }) => listening === port && resolve());
    server.once("exit", () => reject(new ServerEnded(`The server on port ${port} ended. ${SEE_ABOVE}`)));
  });
}

const SEE_ABOVE = "Its own lines above say why.";
const notReady = (port) =>
  new Refusal(`The server on port ${port} was not ready within ${TIMEOUT_MS / 1000} s. ${SEE_ABOVE}`);

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
