import { firmOrigin } from "#lib/tenancy/origin.ts";
import { requestTenant } from "#lib/web/context.ts";

/** Where password managers send people for their passkeys here (W3C well-known URL, UX28). */
export async function GET(): Promise<Response> {
  const tenant = await requestTenant();
  if (!tenant) return new Response(null, { status: 404 });
  const page = `${firmOrigin(tenant.slug)}/account/passkeys`;
  return Response.json({ enroll: page, manage: page });
}
