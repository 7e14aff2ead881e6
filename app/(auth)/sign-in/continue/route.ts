import { findConnectionOfName } from "#lib/auth/sso/sign-in-connections.ts";
import { visitorContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { startSso } from "#lib/web/start-sso.ts";

/**
 * Goes on from a name: to the provider of its address's domain, else to the password. That depends on the domain alone, and
 * says nothing about who has an account (A5, SEC11).
 */
export async function POST(request: Request): Promise<Response> {
  const ctx = await visitorContext();
  const form = await request.formData().catch(() => new FormData());
  const [name, next] = [form.get("identifier"), localPath(form.get("next"))];
  const typed = typeof name === "string" ? name.slice(0, 254) : "";
  const found = await findConnectionOfName(ctx, typed);
  if (found) return startSso(ctx, found, { next, purpose: "sign_in" });
  const query = new URLSearchParams({ name: typed, next });
  return new Response(null, { status: 303, headers: { location: `/sign-in?${query}` } });
}
