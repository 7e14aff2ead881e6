import type { Context, NamedFirm } from "#lib/core/context.ts";
import { systemContext } from "#lib/tenancy/system-context.ts";

/**
 * The portal at work in another firm, because of what somebody does in this one: its log tells from where, and no
 * member of this firm acts there.
 */
export function forAnotherFirm(firm: NamedFirm, { origin }: Context): Context {
  const { requestId, source } = origin;
  const ctx = systemContext(firm);
  return { ...ctx, origin: { ...ctx.origin, requestId, source } };
}
