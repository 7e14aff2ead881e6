import { command } from "#lib/core/command.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { PatchResourceInput } from "../input.ts";
import { patched } from "../patch.ts";
import { USER_KIND } from "../schema.ts";
import { requireMatch } from "../version.ts";
import { changeUser } from "./change-user.ts";
import { lockDirectoryUser, tagOfUser } from "./directory-user.ts";
import { resourceOf, showUsers } from "./show-user.ts";
import { wishOf } from "./user-wish.ts";

/**
 * Changes a part of a user (PATCH), all operations or none.
 * @throws DomainError not_found, invalid, conflict, precondition_failed
 */
export const patchDirectoryUser = command({
  event: "directory_user.patched",
  permission: "directory",
  input: PatchResourceInput,
  async run({ db, ctx }, { id, patch, ifMatch }) {
    const groups = await lockGroups(db);
    const user = await lockDirectoryUser(db, ctx, id);
    requireMatch(ifMatch, tagOfUser(user));
    const wish = wishOf(patched(USER_KIND, resourceOf(user), patch));
    const { found, events } = await changeUser(db, ctx, user, { wish, groups });
    const [resource = {}] = await showUsers(db, ctx, [found]);
    return { resource, events };
  },
  audit: ({ events }) => events,
});
