import type { Permission } from "#lib/access/permissions.ts";
import type { Actor, Context } from "./context.ts";
import { forbidden, unauthenticated } from "./errors.ts";

/**
 * What a use case asks of its caller: a permission, any signed-in member, that member in person (no API token), a
 * pending session, a directory by its token, anyone at all, or the product itself (jobs and the command line).
 */
export type Requirement = Permission | "member" | "person" | "pending" | "directory" | "anyone" | "system";

/** Throws unauthenticated or forbidden unless the caller meets the requirement. */
export function requirePermission(ctx: Context, requirement: Requirement): void {
  if (requirement === "anyone") return;
  if (requirement === "pending" || requirement === "directory") {
    requireOther(ctx, requirement);
    return;
  }
  if (isProduct(ctx)) return;
  if (requirement === "system") throw forbidden("not_the_system");
  if (!ctx.actor) throw unauthenticated("not_signed_in");
  if (requirement === "person") requirePerson(ctx);
  else requireHeld(ctx.actor, requirement);
}

/** Those who are no members: not yet, or not at all. */
function requireOther(ctx: Context, requirement: "pending" | "directory"): void {
  if (requirement === "pending" && !ctx.pending) throw unauthenticated("no_pending_session");
  if (requirement === "directory" && !ctx.directory) throw unauthenticated("no_directory");
}

/** Whether the product itself asks: a job, or the command line. A directory is a stranger with a token, and never it. */
export function isProduct(ctx: Context): boolean {
  return !ctx.actor && (ctx.via === "system" || ctx.via === "operator");
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
