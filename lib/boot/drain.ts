import type { Server, ServerResponse } from "node:http";
import { Server as Listener } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "#lib/core/clock.ts";
import { beginLeaving, isLeaving } from "#lib/health/leaving.ts";

/** Long enough for a request that is on its way over a kept connection, and short enough for whoever waits for the end. */
const IDLE_MS = 1 * SECOND;

/**
 * Lets a server end without breaking off anything (REL11): it accepts no more, what is in flight is finished, and each
 * kept connection is told with its next answer that it was the last.
 *
 * @returns what does so; it comes back when nobody is connected any more, or after `longestMs`
 */
export function drainable(server: Server, longestMs: number): () => Promise<void> {
  const unanswered = new Set<ServerResponse>();
  server.prependListener("request", (_request, response) => {
    if (isLeaving()) response.setHeader("connection", "close");
    unanswered.add(response);
    response.once("close", () => unanswered.delete(response));
  });

  return async () => {
    beginLeaving();
    for (const response of unanswered) if (!response.headersSent) response.setHeader("connection", "close");
    const closing = setInterval(() => server.closeIdleConnections(), IDLE_MS);
    await Promise.race([stopAccepting(server), sleep(longestMs)]);
    clearInterval(closing);
  };
}

/** HTTP's own close breaks off idle connections at once, and a request that crosses it is lost. */
function stopAccepting(server: Server): Promise<unknown> {
  return new Promise((resolve) => Listener.prototype.close.call(server, resolve));
}
