import { requestTenant } from "#lib/web/context.ts";

/** Where password managers send people who want to change their password (W3C well-known URL). */
export async function GET(): Promise<Response> {
  if (!(await requestTenant())) return new Response(null, { status: 404 });
  return new Response(null, { status: 303, headers: { location: "/account/password" } });
}
