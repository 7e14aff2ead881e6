import type { Context } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

/** Where a firm's directories find the protocol: by the firm's record, whatever the request says (SEC25). */
export function scimBase({ tenant }: Pick<Context, "tenant">): string {
  return `${firmOrigin(tenant.slug)}/api/scim/v2`;
}

export function addressOf(ctx: Pick<Context, "tenant">, endpoint: string, id: string): string {
  return `${scimBase(ctx)}/${endpoint}/${id}`;
}
