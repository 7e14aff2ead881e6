import type { Permission } from "#lib/access/permissions.ts";
import type { Actor, Context } from "./context.ts";
import { forbidden, unauthenticated } from "./errors.ts";

/**
 * What a use case asks of its caller: a permission, any signed-in member, that member in person (no API token), a
 * pending session, anyone at all, or the product itself (jobs and the command line).
 */
export type Requirement = Permission | "member" | "person" | "pending" | "anyone" | "system";

/** Throws unauthenticated or forbidden unless the caller meets the requirement. */
export function requirePermission(ctx: Context, requirement: Requirement): void {
  if (requirement === "anyone") return;
  if (requirement === "pending" && ctx.pending) return;
  if (requirement === "pending") throw unauthenticated("no_pending_session");
  if (!ctx.actor && ctx.via !== "visitor") return;
  if (requirement === "system") throw forbidden("not_the_system");
  if (!ctx.actor) throw unauthenticated("not_signed_in");
  if (requirement === "person") requirePerson(ctx);
  else requireHeld(ctx.actor, requirement);
}

function requireHeld(actor: Actor, requirement: Permission | "member"): void {
  if (requirement !== "member" && !actor.permissions.has(requirement))
    throw forbidden(`needs_${requirement}`);
}

/** Throws forbidden for an API token: what opens or changes an account is done by somebody who has signed in. */
export function requirePerson(ctx: Context): void {
  if (ctx.actor?.byApiToken) throw forbidden("not_in_person", "An API token cannot do this. Please sign in.");
}

export function hasPermission(ctx: Context, permission: Permission): boolean {
  return ctx.actor?.permissions.has(permission) ?? false;
}
