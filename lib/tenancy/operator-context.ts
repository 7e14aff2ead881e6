import { randomUUID } from "node:crypto";
import type { Context, NamedFirm } from "#lib/core/context.ts";

/** Whoever runs the portal, at its command line. */
export function operatorContext(firm: NamedFirm): Context {
  return {
    tenant: { ...firm, version: 0 },
    origin: { requestId: randomUUID(), source: "command line", userAgent: "", host: "" },
    actor: undefined,
    pending: undefined,
    via: "operator",
  };
}
