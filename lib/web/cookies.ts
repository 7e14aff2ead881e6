import "server-only";
import { cookies } from "next/headers";
import { cookieLine, PENDING_COOKIE, SESSION_COOKIE } from "#lib/auth/session/session-cookie.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { YEAR_IN_SECONDS } from "#lib/core/clock.ts";

/** `__Host-` keeps a sibling subdomain from planting them; no Domain keeps them on one firm (SEC45, S10). */
export const COOKIES = {
  full: SESSION_COOKIE,
  pending: PENDING_COOKIE,
  reset: "__Host-reset",
  invitation: "__Host-invitation",
  freeze: "__Host-freeze",
  hold: "__Host-hold",
  lostDevice: "__Host-lost-device",
  factorHold: "__Host-factor-hold",
  emailChange: "__Host-email-change",
  emailUndo: "__Host-email-undo",
  firmLink: "__Host-firm-link",
  device: "__Host-device",
  passkey: "__Host-passkey",
  last: "__Host-last",
  /** What somebody left for an identity provider with, and may link when back (SEC64, DEC18). */
  samlFlow: "__Host-saml-flow",
  ssoLink: "__Host-sso-link",
  ssoSetup: "__Host-sso-setup",
} as const;

type Name = (typeof COOKIES)[keyof typeof COOKIES];

export const COOKIE_ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

export async function readCookie(name: Name): Promise<string | undefined> {
  return (await cookies()).get(name)?.value;
}

/** Gives the browser its new session and takes whatever it had before. */
export async function setSessionCookie({ kind, token, device }: StartedSession): Promise<void> {
  const jar = await cookies();
  if (device) await setDeviceCookie(device);
  jar.delete({ name: COOKIES[kind === "full" ? "pending" : "full"], ...COOKIE_ATTRIBUTES });
  jar.set(COOKIES[kind], token, COOKIE_ATTRIBUTES);
}

/** The same session goes on under a new token (SEC44). */
export async function setRotatedCookie(token: string): Promise<void> {
  (await cookies()).set(COOKIES.full, token, COOKIE_ATTRIBUTES);
}

/** The browser is known from here on (X3); it opens nothing by itself. */
export async function setDeviceCookie(device: string): Promise<void> {
  (await cookies()).set(COOKIES.device, device, { ...COOKIE_ATTRIBUTES, maxAge: YEAR_IN_SECONDS });
}

/** By what somebody has signed in here, and not who (UX15). */
export async function setLastMethod(method: "password" | "passkey" | "sso"): Promise<void> {
  (await cookies()).set(COOKIES.last, method, { ...COOKIE_ATTRIBUTES, maxAge: YEAR_IN_SECONDS });
}

export async function clearCookie(name: Name): Promise<void> {
  (await cookies()).delete({ name, ...COOKIE_ATTRIBUTES });
}

/** The same for answers that a route handler makes itself. */
export function cookieHeader(name: Name, value: string): string {
  return cookieLine(name, value);
}
