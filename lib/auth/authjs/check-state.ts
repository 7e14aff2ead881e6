import type { NextRequest } from "next/server";
import { decode } from "next-auth/jwt";
import { OidcTrouble } from "#lib/auth/sso/oidc/oidc-trouble.ts";
import { authjsSecret, STATE_COOKIE } from "./config.ts";

/**
 * Why an answer is not the one that this browser waits for; undefined for the one with its state. Auth.js looks at that too, but
 * only after all that may be wrong with an answer, which then would end what another one is awaited for.
 */
export async function troubleWithState(
  request: NextRequest,
  connectionId: string,
): Promise<OidcTrouble | undefined> {
  const [state, second] = request.nextUrl.searchParams.getAll("state");
  if (second !== undefined) return new OidcTrouble("answer_repeated");
  const kept = await keptState(request.cookies.get(STATE_COOKIE)?.value, connectionId);
  if (kept === undefined) return new OidcTrouble("state_cookie");
  return state === kept ? undefined : new OidcTrouble("state");
}

async function keptState(token: string | undefined, connectionId: string): Promise<string | undefined> {
  try {
    const kept = await decode<{ value: string; provider: string }>({
      ...{ token, secret: authjsSecret(), salt: STATE_COOKIE },
    });
    return kept?.provider === connectionId ? kept.value : undefined;
  } catch {
    return undefined;
  }
}
