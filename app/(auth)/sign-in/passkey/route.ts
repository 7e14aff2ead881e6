import { askForSignIn } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import { randomToken } from "#lib/core/crypto.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, cookieHeader, readCookie } from "#lib/web/cookies.ts";

const TOKEN_LENGTH = 43;

/**
 * What the browser needs to ask for a passkey. The answer is good in this browser alone, which is known by a cookie that
 * says nothing (INC21).
 */
export async function GET(): Promise<Response> {
  const ctx = await visitorContext();
  const kept = await readCookie(COOKIES.passkey);
  const browser = kept?.length === TOKEN_LENGTH ? kept : randomToken();
  const headers = new Headers({ "cache-control": "no-store" });
  if (browser !== kept) headers.set("set-cookie", cookieHeader(COOKIES.passkey, browser));
  return Response.json(await askForSignIn(ctx, browser), { headers });
}
