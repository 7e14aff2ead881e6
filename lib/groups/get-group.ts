import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { query } from "#lib/core/query.ts";
import { peopleIn } from "./delete-group.ts";
import { requireGroup } from "./find-group.ts";
import { notHeldOf } from "./held.ts";

/** One security group with who is in it, by number, and what its reader may do with it. Throws not_found. */
export const getGroup = query({
  event: "group.read",
  permission: "groups:manage",
  async run({ db, ctx }, groupId: string) {
    const group = await requireGroup(db, groupId);
    return {
      group,
      people: await peopleIn(db, group.id),
      /** False for what is the same in every firm, and for what holds more than its reader. */
      changeable: group.preset === null && notHeldOf(ctx, group) === undefined,
      /** Whether the reader may say when its members need a second factor. */
      requirable: notHeldOf(ctx, group) === undefined,
    };
  },
});

/** What the reader may put into a group at most (SEC60). */
export function grantableBy(ctx: Context) {
  const names = Object.keys(PERMISSIONS) as Permission[];
  return {
    permissions: names.filter((permission) => hasPermission(ctx, permission)),
    allClients: ctx.actor?.clientScope !== "assigned",
  };
}
