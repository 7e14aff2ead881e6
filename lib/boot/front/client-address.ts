import type { IncomingMessage } from "node:http";
import { env } from "#lib/core/env.ts";

/**
 * The client's address: the socket's, or what the outermost of the trusted proxies saw (SEC15). What a client writes
 * into the header itself stands further left and is never read.
 */
export function clientAddress(request: IncomingMessage): string {
  const socket = normalise(request.socket.remoteAddress ?? "unknown");
  const proxies = env().TRUSTED_PROXIES;
  if (proxies === 0) return socket;
  const seen = String(request.headers["x-forwarded-for"] ?? "").split(",");
  return normalise(seen.at(-proxies)?.trim() || socket);
}

/** An IPv4 address that reached an IPv6 socket is the same address. */
function normalise(address: string): string {
  return address.replace(/^::ffff:/i, "").slice(0, 64);
}
