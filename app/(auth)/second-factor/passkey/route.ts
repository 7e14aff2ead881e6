import { askForPasskey } from "#lib/auth/passkey/prove-passkey.ts";
import { pendingContext } from "#lib/web/context.ts";

/** What the browser needs to ask for a passkey as the second factor of the sign-in that is under way. */
export async function GET(): Promise<Response> {
  const ctx = await pendingContext("second_factor");
  const wish = await askForPasskey(ctx);
  const headers = { "cache-control": "no-store" };
  return wish ? Response.json(wish, { headers }) : new Response(null, { status: 404, headers });
}
