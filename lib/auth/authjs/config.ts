import { NextRequest } from "next/server";
import type { NextAuthConfig } from "next-auth";
import { DAY, SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { newestKey } from "#lib/core/crypto.ts";
import { log } from "#lib/core/log.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { tenantAdapter } from "./tenant-adapter.ts";

const A_DAY_IN_SECONDS = DAY / SECOND;

/** The firm's own configuration, made for each request. It has a provider only while somebody leaves for it or comes back. */
export function configFor(ctx: Context, more: Partial<NextAuthConfig> = {}): NextAuthConfig {
  return {
    basePath: "/api/auth",
    trustHost: true,
    secret: authjsSecret(),
    adapter: tenantAdapter(ctx),
    providers: [],
    pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in" },
    useSecureCookies: true,
    cookies: hostCookies(),
    // Our rows end when they end: a session is never renewed from here.
    session: { strategy: "database", maxAge: A_DAY_IN_SECONDS, updateAge: A_DAY_IN_SECONDS },
    logger: {
      error: (error) => log().warn({ requestId: ctx.origin.requestId, name: error.name }, "Auth.js refused"),
      warn: () => undefined,
      debug: () => undefined,
    },
    ...more,
    callbacks: {
      signIn: () => "/sign-in",
      session: ({ session, user }) => ({ expires: session.expires, user: { id: user.id, name: user.name } }),
      ...more.callbacks,
    },
  };
}

export function authjsSecret(): string {
  return newestKey("authjs").secret.toString("base64url");
}

export const STATE_COOKIE = "__Host-authjs-state";

/** What Auth.js keeps in the browser between leaving for a provider and coming back, each bound to the connection. */
export const CHECK_COOKIES = [STATE_COOKIE, "__Host-authjs-pkce", "__Host-authjs-nonce"] as const;

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

/**
 * The same request on the firm's own origin: under a custom server Next tells Auth.js localhost, and every URL that it makes
 * would lead there.
 */
export function onFirmOrigin(ctx: Context, request: NextRequest): NextRequest {
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
