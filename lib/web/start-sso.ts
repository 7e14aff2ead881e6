import "server-only";
import { startOidc } from "#lib/auth/authjs/start-oidc.ts";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import { FLOW_LASTS, type Flow } from "#lib/auth/sso/flows.ts";
import { startSaml } from "#lib/auth/sso/saml/start-saml.ts";
import { allowSsoStart } from "#lib/auth/sso/sign-in-connections.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { COOKIES } from "./cookies.ts";
import { leaveFor } from "./leave-for.ts";
import { localPath } from "./local-path.ts";

type Leaving = { next: unknown; purpose: Flow["purpose"]; memberId?: string };

/** Sends somebody to an identity provider, whichever protocol it speaks, with what the browser has to bring back. */
export async function startSso(ctx: Context, configured: Configured, leaving: Leaving): Promise<Response> {
  try {
    await allowSsoStart(ctx);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return new Response(null, { status: 303, headers: { location: "/sso/failed?why=busy" } });
  }
  const { kind, name } = configured.connection;
  const wanted = { ...leaving, next: localPath(leaving.next) };
  if (kind === "oidc") {
    const { location, cookies } = await startOidc(ctx, configured, wanted);
    return leaveFor(name, { location }, cookies);
  }
  const { token, leave } = await startSaml(ctx, configured, wanted);
  return leaveFor(name, leave, [samlFlow(token)]);
}

/** A SAML answer is posted from the provider's page: the one cookie that other sites' pages may bring along (DEC18). */
function samlFlow(token: string): string {
  const attributes = `Path=/; Secure; HttpOnly; SameSite=None; Max-Age=${FLOW_LASTS / SECOND}`;
  return `${COOKIES.samlFlow}=${token}; ${attributes}`;
}
