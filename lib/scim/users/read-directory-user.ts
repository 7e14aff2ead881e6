import { query } from "#lib/core/query.ts";
import { getDirectoryUser } from "./directory-user.ts";
import { showUsers } from "./show-user.ts";

/** One user of the directory that asks. Throws not_found. */
export const readDirectoryUser = query({
  event: "directory_user.read",
  permission: "directory",
  async run({ db, ctx }, id: string) {
    const [resource = {}] = await showUsers(db, ctx, [await getDirectoryUser(db, ctx, id)]);
    return resource;
  },
});
