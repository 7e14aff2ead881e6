import "server-only";
import { endSessionAddress } from "#lib/auth/sso/oidc/end-session-address.ts";
import type { ProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import type { Context } from "#lib/core/context.ts";
import { type Leave, leaveFor } from "./leave-for.ts";

/**
 * Goes on to the provider that a session came from, to end its session there too (G9). Undefined where there is nothing to go
 * to: the session came from none, or the connection is over, or the provider offers no such thing.
 */
export async function signOutAtProvider(
  { tenant }: Context,
  came: ProviderSession | undefined,
  cookies: string[],
): Promise<Response | undefined> {
  if (came?.configured.connection.state !== "live") return undefined;
  const leave = leaveOf(came, tenant.slug);
  return leave && leaveFor(came.configured.connection.name, leave, cookies);
}

function leaveOf({ configured }: ProviderSession, slug: string): Leave | undefined {
  const { settings } = configured.configuration;
  const location = settings.kind === "oidc" ? endSessionAddress(settings, slug) : undefined;
  return location === undefined ? undefined : { location };
}
