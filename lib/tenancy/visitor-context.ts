import type { Context, Origin, Tenant } from "#lib/core/context.ts";

type Facts = Pick<Origin, "requestId" | "source" | "host" | "device">;

/** Whoever asks on a firm's host, before anything says who it is. */
export function visitorAt(tenant: Tenant, facts: Facts, userAgent: string | null | undefined): Context {
  const origin = { ...facts, userAgent: (userAgent ?? "").slice(0, 300) };
  return { tenant, origin, actor: undefined, pending: undefined, via: "visitor" };
}
