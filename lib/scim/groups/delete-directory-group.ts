import { eq } from "drizzle-orm";
import { scimGroups } from "#db/schema/scim.ts";
import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { countUserVersions } from "../count-versions.ts";
import { DeleteResourceInput } from "../input.ts";
import { requireMatch } from "../version.ts";
import { getDirectoryGroup, membersOf, tagOfGroup } from "./directory-group.ts";
import { settleGroups } from "./settle-groups.ts";

/**
 * Deletes a group of the directory; its people lose at once what it gave them.
 * @throws DomainError not_found, precondition_failed, conflict for the last Administrator
 */
export const deleteDirectoryGroup = command({
  event: "directory_group.deleted",
  permission: "directory",
  input: DeleteResourceInput,
  async run({ db, ctx }, { id, ifMatch }) {
    const firmGroups = await lockGroups(db);
    const group = await getDirectoryGroup(db, ctx, id);
    requireMatch(ifMatch, tagOfGroup(group));
    const userIds = await membersOf(db, group);
    await countUserVersions(db, userIds);
    await db.delete(scimGroups).where(eq(scimGroups.id, group.id));
    const names = [group.displayName, ...(group.externalId === null ? [] : [group.externalId])];
    return { id: group.id, events: await settleGroups(db, ctx, { userIds, names, firmGroups }) };
  },
  audit: ({ id, events }) => [{ event: "directory_group.deleted", targetId: id }, ...events],
});
