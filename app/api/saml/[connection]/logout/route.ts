import type { LogoutTaken } from "#lib/auth/sso/saml/take-saml-logout.ts";
import { takeSamlLogout } from "#lib/auth/sso/saml/take-saml-logout.ts";
import { openEndpoint } from "#lib/web/api.ts";
import { formFields } from "#lib/web/form-fields.ts";

type Route = { params: Promise<{ connection: string }> };

/** What a provider says of a logout in the address: its request, or the answer to ours. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { connection } = await params;
  return openEndpoint(async ({ ctx }) => {
    const { search, searchParams } = new URL(request.url);
    const name = searchParams.has("SAMLRequest") ? "SAMLRequest" : "SAMLResponse";
    const relayState = searchParams.get("RelayState") ?? undefined;
    return goOn(await takeSamlLogout(ctx, connection, { search, name }, relayState));
  })(request, { params });
}

/** The same in a form. */
export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { connection } = await params;
  return openEndpoint(async ({ ctx }) => {
    const { SAMLRequest, SAMLResponse = "", RelayState } = await formFields(request);
    const posted = SAMLRequest ?? SAMLResponse;
    return goOn(await takeSamlLogout(ctx, connection, { posted }, RelayState));
  })(request, { params });
}

function goOn(taken: LogoutTaken): Response {
  if (taken.outcome === "refused") return new Response(null, { status: 400 });
  const headers = { location: taken.location ?? "/sign-in?done=signed-out", "cache-control": "no-store" };
  return new Response(null, { status: 303, headers });
}
