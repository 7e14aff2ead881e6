import { signInWithPasskey } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import { visitorOf } from "./contexts.ts";
import { type Authenticator, aSignIn } from "./passkeys.ts";

/** Tries to sign in, by a name and a password or by a passkey: the outcome, or why it was refused. */
export async function signInBy(tenant: Tenant, way: string | Authenticator, password = ""): Promise<string> {
  const result = typeof way === "string" ? await byPassword(tenant, way, password) : await byKey(tenant, way);
  return result.outcome === "refused" ? result.reason : result.outcome;
}

function byPassword(tenant: Tenant, identifier: string, password: string) {
  return signInWithPassword(visitorOf(tenant), { identifier, password });
}

async function byKey(tenant: Tenant, key: Authenticator) {
  const { ctx, browser, asked } = await aSignIn(tenant);
  return signInWithPasskey(ctx, { passkey: key.get(asked), browser });
}
