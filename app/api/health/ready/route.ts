import { ready } from "#lib/health/check-health.ts";

/** The server in front answers first; this is for a deployment without it. */
export async function GET(): Promise<Response> {
  const { body, ...init } = await ready();
  return new Response(body, init);
}
