import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { PatchResourceInput } from "../input.ts";
import { patched } from "../patch.ts";
import { GROUP_KIND } from "../schema.ts";
import { requireMatch } from "../version.ts";
import { changeGroup } from "./change-group.ts";
import { getDirectoryGroup, membersOf, showGroup, tagOfGroup } from "./directory-group.ts";
import { groupWishOf } from "./group-wish.ts";

/**
 * Changes a part of a group (PATCH), most often who is in it: all operations or none.
 * @throws DomainError not_found, invalid, conflict, precondition_failed
 */
export const patchDirectoryGroup = command({
  event: "directory_group.patched",
  permission: "directory",
  input: PatchResourceInput,
  async run({ db, ctx }, { id, patch, ifMatch }) {
    const firmGroups = await lockGroups(db);
    const group = await getDirectoryGroup(db, ctx, id);
    requireMatch(ifMatch, tagOfGroup(group));
    const members = await membersOf(db, group);
    const { displayName, externalId } = group;
    const resource = {
      ...{ displayName, members: members.map((value) => ({ value })) },
      ...(externalId !== null && { externalId }),
    };
    const wish = groupWishOf(patched(GROUP_KIND, resource, patch));
    const changed = await changeGroup(db, ctx, { group, members }, { wish, firmGroups });
    return {
      resource: await showGroup(db, ctx, changed.group, { withMembers: true }),
      events: changed.events,
    };
  },
  audit: ({ events }) => events,
});
