import { createServer } from "node:net";
import { Refusal } from "./output.mjs";

export const DEFAULT_PORT = 3000;
const HIGHEST_PORT = 65_535;

/** @returns {Promise<boolean>} */
export function isPortFree(port, host = "127.0.0.1") {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port that nobody listens on now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/** The port to serve on: the operator's or none, else the first free one from 3000. */
export async function choosePort(wanted, host) {
  if (wanted) return requireFree(parsePort(wanted), host);
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + 100; port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  throw new Refusal(`No free port from ${DEFAULT_PORT} on. Set PORT to one that is free.`);
}

export async function requireFree(port, host) {
  if (await isPortFree(port, host)) return port;
  throw new Refusal(`Port ${port} on ${host} is taken. Stop what listens there, or set PORT to another one.`);
}

function parsePort(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return port;
  throw new Refusal(`PORT is "${text}"; it must be a number from 1 to ${HIGHEST_PORT}.`);
}
