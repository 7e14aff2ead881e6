import type { Tenant } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

/** Where a provider finds us, for one connection: none of it is another firm's or another connection's (SEC76). */
export type ServiceProvider = { entityId: string; acsUrl: string; logoutUrl: string };

export function serviceProvider({ slug }: Tenant, connectionId: string): ServiceProvider {
  const base = `${firmOrigin(slug)}/api/saml/${connectionId}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs`, logoutUrl: `${base}/logout` };
}
