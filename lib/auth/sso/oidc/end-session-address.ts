import type { OidcSettings } from "#lib/auth/sso/configuration.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

/** Where a provider sends somebody back to after signing out there: one of the values that it has to know. */
export function afterLogout(slug: string): string {
  return `${firmOrigin(slug)}/sign-in`;
}

/** The provider's own sign-out (RP-initiated logout), if it has one (G9). */
export function endSessionAddress(
  { endSessionEndpoint, clientId }: OidcSettings,
  slug: string,
): string | undefined {
  if (!endSessionEndpoint) return undefined;
  const address = new URL(endSessionEndpoint);
  address.searchParams.set("client_id", clientId);
  address.searchParams.set("post_logout_redirect_uri", afterLogout(slug));
  return address.href;
}
