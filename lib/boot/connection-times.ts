import { SECOND } from "#lib/core/clock.ts";

/** How long the server waits for what, in milliseconds. */
export const CONNECTION_TIMES = {
  requestTimeout: 30 * SECOND,
  headersTimeout: 10 * SECOND,
  // Longer than a proxy keeps an idle connection (60 s in `deploy/`): what it writes to one that has just been closed is lost.
  keepAliveTimeout: 75 * SECOND,
};
