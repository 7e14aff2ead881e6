import { and, asc, eq, isNotNull, isNull, or, type SQL } from "drizzle-orm";
import { connectionGroupRules, connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { COUNTED, countUpTo, ONE } from "#lib/core/count-up-to.ts";
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

/** How many of the firm's people are in a group, and how many deleted ones that could be restored, each counted up to `COUNTED`. */
export async function peopleIn(db: TenantDb, groupId: string): Promise<{ present: number; deleted: number }> {
  const within = eq(members.securityGroupId, groupId);
  const people = (who: SQL | undefined) => db.select(ONE).from(members).where(and(within, who));
  const present = people(isNull(members.deletedAt)).orderBy(asc(members.name)).limit(COUNTED);
  const deleted = people(and(isNotNull(members.deletedAt), isNull(members.erasedAt)))
    .orderBy(asc(members.deletedAt))
    .limit(COUNTED);
  return { present: await countUpTo(db, present), deleted: await countUpTo(db, deleted) };
}

function occupiedBy(present: number, deleted: number): string {
  const people = [
    present > 0 && (present === 1 ? "1 person" : `${inWords(present)} people`),
    deleted > 0 && (deleted === 1 ? "1 deleted person" : `${inWords(deleted)} deleted people`),
  ].filter(Boolean);
  const verb = present + deleted === 1 ? "is" : "are";
  return `${people.join(" and ")} ${verb} in this security group. Give them another one first.`;
}

function inWords(number: number): string {
  return number < COUNTED ? String(number) : `more than ${COUNTED - 1}`;
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
