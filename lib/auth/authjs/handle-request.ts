import { NextRequest } from "next/server";
import NextAuth, { type NextAuthConfig } from "next-auth";
import { DAY, SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { newestKey } from "#lib/core/crypto.ts";
import { log } from "#lib/core/log.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { tenantAdapter } from "./tenant-adapter.ts";

const A_DAY_IN_SECONDS = DAY / SECOND;

/**
 * Answers one of Auth.js's routes for one firm, on the firm's own origin: under a custom server Next tells it
 * localhost, and every URL that it makes would lead there.
 */
export async function handleAuthjsRequest(ctx: Context, request: NextRequest): Promise<Response> {
  const { GET, POST } = NextAuth(configFor(ctx)).handlers;
  const onFirm = onFirmOrigin(ctx, request);
  return withoutRenewal(request.method === "POST" ? await POST(onFirm) : await GET(onFirm));
}

/** Reading a session would write its cookie again, and make it outlive the browser: only ending one may touch it. */
function withoutRenewal(response: Response): Response {
  const kept = response.headers.getSetCookie().filter((cookie) => !/^__Host-session=[^;]/.test(cookie));
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  for (const cookie of kept) headers.append("set-cookie", cookie);
  return new Response(response.body, { status: response.status, headers });
}

function onFirmOrigin(ctx: Context, request: NextRequest): NextRequest {
  const { pathname, search } = request.nextUrl;
  const headers = new Headers(request.headers);
  // It prefers these to the URL.
  for (const name of ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"]) headers.delete(name);
  headers.set("host", new URL(firmOrigin(ctx.tenant.slug)).host);
  const body = request.method === "POST" ? { body: request.body, duplex: "half" as const } : {};
  return new NextRequest(firmOrigin(ctx.tenant.slug) + pathname + search, {
    method: request.method,
    headers,
    ...body,
  });
}

/** The firm's own configuration, made for each request. Without a live connection it has no provider. */
function configFor(ctx: Context): NextAuthConfig {
  return {
    basePath: "/api/auth",
    trustHost: true,
    secret: newestKey("authjs").secret.toString("base64url"),
    adapter: tenantAdapter(ctx),
    providers: [],
    pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in" },
    useSecureCookies: true,
    cookies: hostCookies(),
    // Our rows end when they end: a session is never renewed from here.
    session: { strategy: "database", maxAge: A_DAY_IN_SECONDS, updateAge: A_DAY_IN_SECONDS },
    callbacks: {
      signIn: () => "/sign-in",
      session: ({ session, user }) => ({ expires: session.expires, user: { id: user.id, name: user.name } }),
    },
    logger: {
      error: (error) => log().warn({ requestId: ctx.origin.requestId, name: error.name }, "Auth.js refused"),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** `__Host-` throughout: a sibling subdomain cannot plant one (SEC45, SEC46). */
function hostCookies(): NextAuthConfig["cookies"] {
  const options = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;
  const cookie = (name: string) => ({ name: `__Host-${name}`, options });
  return {
    sessionToken: cookie("session"),
    callbackUrl: cookie("authjs-callback-url"),
    csrfToken: cookie("authjs-csrf-token"),
    pkceCodeVerifier: cookie("authjs-pkce"),
    state: cookie("authjs-state"),
    nonce: cookie("authjs-nonce"),
  };
}
