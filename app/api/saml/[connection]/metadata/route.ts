import { describeServiceProvider } from "#lib/auth/sso/saml/describe-service-provider.ts";
import { openEndpoint } from "#lib/web/api.ts";

type Route = { params: Promise<{ connection: string }> };

export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { connection } = await params;
  return openEndpoint(async ({ ctx }) => {
    const metadata = await describeServiceProvider(ctx, connection);
    return new Response(metadata, {
      headers: { "content-type": "application/samlmetadata+xml; charset=utf-8", "cache-control": "no-store" },
    });
  })(request, { params });
}
