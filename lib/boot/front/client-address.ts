import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { env } from "#lib/core/env.ts";

/**
 * The client's address: the socket's, or what the outermost of the trusted proxies saw (SEC15). What a client writes
 * into the header itself stands further left and is never read; what is no address counts as the proxy's.
 */
export function clientAddress(request: IncomingMessage): string {
  const socket = normalise(request.socket.remoteAddress ?? "");
  const proxies = env().TRUSTED_PROXIES;
  if (proxies === 0) return socket;
  const seen = String(request.headers["x-forwarded-for"] ?? "").split(",");
  const client = normalise(withoutPort(seen.at(-proxies)?.trim() ?? ""));
  return isIP(client) ? client : socket;
}

/** Whether the connection itself comes from this machine. */
export function isLoopback(request: IncomingMessage): boolean {
  return isLoopbackAddress(normalise(request.socket.remoteAddress ?? ""));
}

/** Whether an address, as `clientAddress` gives it, is one of this machine's own. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** An IPv4 address that reached an IPv6 socket is the same address. */
function normalise(address: string): string {
  return address.replace(/^::ffff:/i, "").toLowerCase();
}

/** Some proxies add the port: `192.0.2.1:5555`, `[2001:db8::1]:5555`. */
function withoutPort(address: string): string {
  return address.replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1");
}
