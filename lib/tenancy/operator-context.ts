import { randomUUID } from "node:crypto";
import type { Context, Tenant } from "#lib/core/context.ts";

/** Whoever runs the portal, at its command line. */
export function operatorContext(tenant: Tenant): Context {
  return {
    tenant,
    origin: { requestId: randomUUID(), source: "command line", userAgent: "", host: "" },
    actor: undefined,
    pending: undefined,
    via: "operator",
  };
}
