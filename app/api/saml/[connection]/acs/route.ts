import { acceptSamlAnswer } from "#lib/auth/sso/saml/accept-saml-answer.ts";
import { isOwnState } from "#lib/auth/sso/saml/relay-state.ts";
import { openEndpoint } from "#lib/web/api.ts";
import { COOKIES, cookieHeader, readCookie } from "#lib/web/cookies.ts";
import { finishSso } from "#lib/web/finish-sso.ts";
import { formFields } from "#lib/web/form-fields.ts";
import { isFromOwnPage, postAgain } from "#lib/web/post-again.ts";
import { requestStamp } from "#lib/web/request.ts";

type Route = { params: Promise<{ connection: string }> };

/**
 * Where a provider's page posts its answer, out of another site. Nothing is done then: without its cookies a known browser is a
 * new one, and whoever is signed in would stay so beside the new session. A page of ours posts it once more (SEC44, X3).
 */
export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { connection: connectionId } = await params;
  return openEndpoint(async ({ ctx }) => {
    const { SAMLResponse: samlResponse = "", RelayState: relayState = "" } = await formFields(request);
    if (!isFromOwnPage(request, ctx.tenant)) {
      const { nonce } = await requestStamp();
      return postAgain(request, { SAMLResponse: samlResponse, RelayState: relayState }, nonce);
    }
    const flowToken = await readCookie(COOKIES.samlFlow);
    const outcome = await acceptSamlAnswer(ctx, { connectionId, samlResponse, relayState, flowToken });
    const headers = new Headers({ location: await finishSso(outcome), "cache-control": "no-store" });
    if (isOwnState(flowToken, relayState)) headers.append("set-cookie", cookieHeader(COOKIES.samlFlow, ""));
    return new Response(null, { status: 303, headers });
  })(request, { params });
}
