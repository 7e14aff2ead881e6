import { findSignInConnection } from "#lib/auth/sso/sign-in-connections.ts";
import { visitorContext } from "#lib/web/context.ts";
import { startSso } from "#lib/web/start-sso.ts";

/** Leaves for the identity provider that somebody has chosen on the sign-in page. */
export async function POST(request: Request): Promise<Response> {
  const ctx = await visitorContext();
  const form = await request.formData().catch(() => new FormData());
  const chosen = await findSignInConnection(ctx, form.get("connection"));
  if (!chosen)
    return new Response(null, { status: 303, headers: { location: "/sso/failed?why=not_offered" } });
  return startSso(ctx, chosen, { next: form.get("next"), purpose: "sign_in" });
}
