import { lookup } from "node:dns/promises";
import net from "node:net";

/** The place in a child's `stdio` where it finds its socket. */
export const SOCKET_FD = 4;

/** @typedef {{ port: number, address: string, family: number }} Place */

/** @returns {Promise<Place>} */
export async function placeOf(port, host) {
  return { port, ...(await lookup(host)) };
}

/**
 * A bound socket to hand to a child, who listens on it and accepts. While we keep it, another child can listen beside
 * the first and none of those who wait to be accepted is lost. SO_REUSEPORT would give each child a queue of its own,
 * which ends with it, and would let two portals share one port unawares.
 *
 * @param {Place} place
 * @returns {{ close(): void } | undefined} undefined where there is none to be had: the child then tries for itself, and
 *   says why it cannot
 */
export function openSharedSocket({ port, address, family }) {
  if (process.platform === "win32") return undefined;
  // What Node's own cluster module shares its sockets by; a number is the system's error.
  const socket = net._createServerHandle(address, port, family);
  return typeof socket === "number" ? undefined : socket;
}
