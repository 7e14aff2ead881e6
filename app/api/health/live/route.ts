import { live } from "#lib/health/check-health.ts";

/** The server in front answers first; this is for a deployment without it. */
export function GET(): Response {
  const { body, ...init } = live();
  return new Response(body, init);
}
