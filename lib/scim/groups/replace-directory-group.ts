import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { ReplaceResourceInput } from "../input.ts";
import { requireMatch } from "../version.ts";
import { changeGroup } from "./change-group.ts";
import { getDirectoryGroup, membersOf, showGroup, tagOfGroup } from "./directory-group.ts";
import { readGroup } from "./group-wish.ts";

/**
 * Writes a group anew (PUT): whoever is not named is not in it any more.
 * @throws DomainError not_found, invalid, conflict, precondition_failed
 */
export const replaceDirectoryGroup = command({
  event: "directory_group.replaced",
  permission: "directory",
  input: ReplaceResourceInput,
  prepare: async (_, { resource }) => readGroup(resource),
  async run({ db, ctx, prepared: wish }, { id, ifMatch }) {
    const firmGroups = await lockGroups(db);
    const group = await getDirectoryGroup(db, ctx, id);
    requireMatch(ifMatch, tagOfGroup(group));
    const members = await membersOf(db, group);
    const changed = await changeGroup(db, ctx, { group, members }, { wish, firmGroups });
    return {
      resource: await showGroup(db, ctx, changed.group, { withMembers: true }),
      events: changed.events,
    };
  },
  audit: ({ events }) => events,
});
