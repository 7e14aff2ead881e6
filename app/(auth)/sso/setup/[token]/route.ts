import { COOKIES } from "#lib/web/cookies.ts";
import { moveTokenIntoCookie } from "#lib/web/mailed-link.ts";

export const GET = moveTokenIntoCookie(COOKIES.ssoSetup, "/sso/setup");
