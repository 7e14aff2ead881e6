import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { hasPermission, requirePermission } from "#lib/core/access.ts";
import { query } from "#lib/core/query.ts";
import { notHeldOf } from "#lib/groups/held.ts";
import { clientChoices } from "./filter-choices.ts";
import type { Member } from "./find-member.ts";

/** What can be chosen for a new account: groups that hold no more than the caller, clients that the caller sees. Throws forbidden. */
export const describeNewMember = query({
  event: "new_member.described",
  permission: "member",
  async run({ db, ctx }, kind: Member["kind"]) {
    requirePermission(ctx, kind === "staff" ? "members:manage" : "clients:manage");
    const mayInvite = hasPermission(ctx, kind === "staff" ? "members:reset" : "contacts:reset");
    if (kind === "contact") return { mayInvite, groups: [], clients: await clientChoices(db, ctx) };
    const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
    const offered = groups.filter((group) => group.preset !== "contact" && !notHeldOf(ctx, group));
    return { mayInvite, groups: offered.map(({ id, name }) => ({ id, name })), clients: [] };
  },
});
