import "server-only";
import { requestTenant } from "./context.ts";
import { type COOKIES, cookieHeader } from "./cookies.ts";

type MailedLinkCookie = (typeof COOKIES)[
  | "reset"
  | "invitation"
  | "freeze"
  | "hold"
  | "lostDevice"
  | "factorHold"
  | "emailChange"
  | "emailUndo"
  | "firmLink"
  | "ssoSetup"];

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Opening a mailed link takes its token out of the address and changes nothing else: it may be opened by anybody, any
 * number of times (SEC23, SEC24).
 */
export function moveTokenIntoCookie(cookie: MailedLinkCookie, page: string) {
  return async (_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> => {
    if (!(await requestTenant())) return new Response(null, { status: 404 });
    const { token } = await params;
    const headers = new Headers({ location: page, "cache-control": "no-store" });
    headers.set("set-cookie", cookieHeader(cookie, TOKEN.test(token) ? token : ""));
    return new Response(null, { status: 303, headers });
  };
}
