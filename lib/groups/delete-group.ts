import { and, count, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { connectionGroupRules, connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { requireSeenVersion } from "#lib/members/require-version.ts";
import { requireCustomGroup } from "./find-group.ts";
import { type Group, requireHeld } from "./held.ts";
import { DeleteGroupInput } from "./input.ts";
import { lockGroups } from "./lock-groups.ts";

/**
 * Deletes a custom security group that nobody is in. Deleted people count, for they can be restored; erased ones do not.
 * @throws DomainError not_found, forbidden, conflict
 */
export const deleteGroup = command({
  event: "group.deleted",
  permission: "groups:manage",
  stepUp: "groups:change",
  input: DeleteGroupInput,
  async run({ db, ctx }, { groupId, version }) {
    const groups = await lockGroups(db);
    const group = requireCustomGroup(groups, groupId);
    requireHeld(ctx, group);
    requireSeenVersion(group, version);
    const { present, deleted } = await peopleIn(db, group.id);
    if (present + deleted > 0) throw conflict("groupId", occupiedBy(present, deleted));
    await requireNotGivenBySso(db, group);
    await leaveErasedPeopleTo(db, groups, group);
    await db.delete(securityGroups).where(eq(securityGroups.id, group.id));
    return group;
  },
  audit: ({ id, name }) => [{ event: "group.deleted", targetId: id, detail: { name } }],
});

/** A connection that gives it would give nothing from then on. Throws conflict. */
async function requireNotGivenBySso(db: TenantDb, { id }: Group): Promise<void> {
  const [given] = await db
    .select({ name: connections.name })
    .from(connections)
    .leftJoin(connectionGroupRules, eq(connectionGroupRules.connectionId, connections.id))
    .where(or(eq(connections.defaultGroupId, id), eq(connectionGroupRules.securityGroupId, id)))
    .limit(1);
  if (given)
    throw conflict("groupId", `Single sign-on by ${given.name} gives this group. Change that first.`);
}

/** How many of the firm's people are in a group, and how many deleted ones that could be restored. */
export async function peopleIn(db: TenantDb, groupId: string): Promise<{ present: number; deleted: number }> {
  const [row] = await db
    .select({
      present: count(sql`case when ${members.deletedAt} is null then 1 end`),
      deleted: count(sql`case when ${members.deletedAt} is not null then 1 end`),
    })
    .from(members)
    .where(and(eq(members.securityGroupId, groupId), isNull(members.erasedAt)));
  return row ?? { present: 0, deleted: 0 };
}

function occupiedBy(present: number, deleted: number): string {
  const people = [
    present > 0 && (present === 1 ? "1 person" : `${present} people`),
    deleted > 0 && (deleted === 1 ? "1 deleted person" : `${deleted} deleted people`),
  ].filter(Boolean);
  const verb = present + deleted === 1 ? "is" : "are";
  return `${people.join(" and ")} ${verb} in this security group. Give them another one first.`;
}

/** What is left of an erased person needs a group, and can do nothing in any. */
async function leaveErasedPeopleTo(db: TenantDb, groups: Group[], { id }: Group): Promise<void> {
  const readOnly = groups.find(({ preset }) => preset === "read_only");
  if (!readOnly) return;
  await db
    .update(members)
    .set({ securityGroupId: readOnly.id })
    .where(and(eq(members.securityGroupId, id), isNotNull(members.erasedAt)));
}
