import type { securityGroups } from "#db/schema/groups.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { forbidden } from "#lib/core/errors.ts";

export type Group = typeof securityGroups.$inferSelect;

type Grant = Pick<Group, "permissions" | "clientScope"> & { preset?: Group["preset"] };

/**
 * What a group gives that the caller lacks: a permission, or `all_clients`. Undefined when there is nothing. Contacts see
 * their own clients, whatever their group says.
 */
export function notHeldOf(ctx: Context, grant: Grant): string | undefined {
  const lacking = grant.permissions.find((permission) => !hasPermission(ctx, permission as Permission));
  const seesMore =
    grant.preset !== "contact" && grant.clientScope === "all" && ctx.actor?.clientScope === "assigned";
  return lacking ?? (seesMore ? "all_clients" : undefined);
}

/** Nobody grants or changes more than they hold (SEC60). Throws forbidden. */
export function requireHeld(ctx: Context, ...grants: Grant[]): void {
  for (const grant of grants) {
    const lacking = notHeldOf(ctx, grant);
    if (lacking) throw forbidden(`does_not_hold_${lacking}`, MORE_THAN_HELD);
  }
}

const MORE_THAN_HELD =
  "This security group can do more than you can. Somebody who holds all of it must do this.";
