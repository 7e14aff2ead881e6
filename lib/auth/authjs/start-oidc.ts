import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { withTenant } from "#db/tenant.ts";
import { cookieLine } from "#lib/auth/session/session-cookie.ts";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import { beginFlow, FLOW_LASTS, type Flow } from "#lib/auth/sso/flows.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { CHECK_COOKIES, configFor } from "./config.ts";
import { oidcProvider } from "./oidc-provider.ts";

/** Says with which of a connection's configurations this browser has left (SEC64). */
export const SSO_FLOW_COOKIE = "__Host-sso-flow";

type Leaving = { next: string; purpose: Flow["purpose"]; memberId?: string };

/**
 * Begins a sign-in at a provider: the address to leave for, and what the browser has to bring back. Whoever asks for it has
 * been asked where they come from by the server in front.
 */
export async function startOidc(
  ctx: Context,
  configured: Configured,
  leaving: Leaving,
): Promise<{ location: string; cookies: string[] }> {
  const { connection, configuration } = configured;
  const { settings } = configuration;
  if (settings.kind !== "oidc")
    throw new Error(`The connection ${connection.id} is not one of OpenID Connect.`);
  const { GET, POST } = NextAuth(
    configFor(ctx, { providers: [oidcProvider(configured, settings)] }),
  ).handlers;
  const answer = await POST(await signInRequest(ctx, connection.id, GET));
  const location = answer.headers.get("location") ?? "";
  if (!isAt(location, settings.authorizationEndpoint)) throw new Error("Auth.js has begun no sign-in.");
  const { token } = await withTenant(ctx.tenant.id, (db, now) =>
    beginFlow(db, now, { ...leaving, connectionId: connection.id, configurationId: configuration.id }),
  );
  const checks = answer.headers
    .getSetCookie()
    .filter((line) => CHECK_COOKIES.some((name) => line.startsWith(`${name}=`)));
  return { location, cookies: [...checks, flowCookie(token)] };
}

const isAt = (location: string, endpoint: string) =>
  URL.canParse(location) && new URL(location).origin === new URL(endpoint).origin;

function flowCookie(token: string): string {
  return `${cookieLine(SSO_FLOW_COOKIE, token)}; Max-Age=${FLOW_LASTS / SECOND}`;
}

/** Auth.js begins a sign-in only with a token that it has given, though nobody's browser is asked here. */
async function signInRequest(
  { tenant }: Context,
  connectionId: string,
  get: (request: NextRequest) => Promise<Response>,
): Promise<NextRequest> {
  const origin = firmOrigin(tenant.slug);
  const given = await get(new NextRequest(`${origin}/api/auth/csrf`));
  const { csrfToken } = (await given.json()) as { csrfToken: string };
  const [cookie = ""] = given.headers.getSetCookie().filter((line) => line.includes("csrf-token"));
  return new NextRequest(`${origin}/api/auth/signin/${connectionId}`, {
    method: "POST",
    headers: { cookie: cookie.split(";")[0] ?? "", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken, callbackUrl: origin }),
  });
}
