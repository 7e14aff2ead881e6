import "server-only";
import { endSessionAddress } from "#lib/auth/sso/oidc/end-session-address.ts";
import type { ProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { startSamlLogout } from "#lib/auth/sso/saml/start-saml-logout.ts";
import type { Context } from "#lib/core/context.ts";
import { type Leave, leaveFor } from "./leave-for.ts";

/**
 * Goes on to the provider that a session came from, to end its session there too (G9). Undefined where there is nothing to go
 * to: the session came from none, or the connection is over, or the provider offers no such thing.
 */
export async function signOutAtProvider(
  ctx: Context,
  came: ProviderSession | undefined,
  cookies: string[],
): Promise<Response | undefined> {
  if (came?.configured.connection.state !== "live") return undefined;
  const leave = await leaveOf(ctx, came);
  return leave && leaveFor(came.configured.connection.name, leave, cookies);
}

async function leaveOf(ctx: Context, came: ProviderSession): Promise<Leave | undefined> {
  const { settings } = came.configured.configuration;
  const location =
    settings.kind === "oidc"
      ? endSessionAddress(settings, ctx.tenant.slug)
      : await startSamlLogout(ctx, came);
  return location === undefined ? undefined : { location };
}
