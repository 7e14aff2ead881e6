import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { ReplaceResourceInput } from "../input.ts";
import { requireMatch } from "../version.ts";
import { changeUser } from "./change-user.ts";
import { lockDirectoryUser, tagOfUser } from "./directory-user.ts";
import { showUsers } from "./show-user.ts";
import { readUser } from "./user-wish.ts";

/**
 * Writes a user anew (PUT): what is not there any more is gone, but for `active`, which stays where nothing is said of it.
 * @throws DomainError not_found, invalid, conflict, precondition_failed
 */
export const replaceDirectoryUser = command({
  event: "directory_user.replaced",
  permission: "directory",
  input: ReplaceResourceInput,
  prepare: async (_, { resource }) => readUser(resource),
  async run({ db, ctx, prepared: wish }, { id, ifMatch }) {
    const groups = await lockGroups(db);
    const user = await lockDirectoryUser(db, ctx, id);
    requireMatch(ifMatch, tagOfUser(user));
    const { found, events } = await changeUser(db, ctx, user, { wish, groups });
    const [resource = {}] = await showUsers(db, ctx, [found]);
    return { resource, events };
  },
  audit: ({ events }) => events,
});
