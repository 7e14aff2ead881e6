import { scimGroups } from "#db/schema/scim.ts";
import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { countUserVersions } from "../count-versions.ts";
import { CreateResourceInput } from "../input.ts";
import { directoryOf } from "../users/directory-user.ts";
import { join, requireFreeName } from "./change-group.ts";
import { showGroup } from "./directory-group.ts";
import { readGroup } from "./group-wish.ts";
import { settleGroups } from "./settle-groups.ts";

/**
 * Makes a group of the directory, which is no security group: what it gives its people here, the rules of the connection say.
 * @throws DomainError invalid, conflict
 */
export const createDirectoryGroup = command({
  event: "directory_group.created",
  permission: "directory",
  input: CreateResourceInput,
  prepare: async (_, { resource }) => readGroup(resource),
  async run({ db, ctx, prepared: wish }) {
    const firmGroups = await lockGroups(db);
    await requireFreeName(db, ctx, wish);
    const { displayName, displayNameKey, externalId, members } = wish;
    const { connectionId } = directoryOf(ctx);
    const [group] = await db
      .insert(scimGroups)
      .values({ connectionId, displayName, displayNameKey, externalId, changedAt: ctx.now })
      .returning();
    if (!group) throw new Error("The directory's group was not written.");
    await join(db, ctx, group.id, members);
    await countUserVersions(db, members);
    const names = [displayName, ...(externalId === null ? [] : [externalId])];
    const events = await settleGroups(db, ctx, { userIds: members, names, firmGroups });
    const resource = await showGroup(db, ctx, group, { withMembers: true });
    return { resource, events, id: group.id, members: members.length };
  },
  audit: ({ id, members, events }) => [
    { event: "directory_group.created", targetId: id, detail: { members } },
    ...events,
  ],
});
