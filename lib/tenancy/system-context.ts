import { randomUUID } from "node:crypto";
import { tenants } from "#db/schema/tenancy.ts";
import type { TenantDb, TenantId } from "#db/tenant.ts";
import type { Context, NamedFirm } from "#lib/core/context.ts";

/** The product itself: what the worker does for a firm when nobody asks. */
export function systemContext(firm: NamedFirm): Context {
  return {
    tenant: { ...firm, version: 0 },
    origin: { requestId: randomUUID(), source: "worker", userAgent: "", host: "" },
    actor: undefined,
    pending: undefined,
    via: "system",
  };
}

/** The same, for the firm of the transaction. */
export async function currentSystemContext(db: TenantDb): Promise<Context> {
  const [firm] = await db.select({ id: tenants.id, slug: tenants.slug, name: tenants.name }).from(tenants);
  if (!firm) throw new Error("The transaction's firm has no row.");
  return systemContext({ ...firm, id: firm.id as TenantId });
}
