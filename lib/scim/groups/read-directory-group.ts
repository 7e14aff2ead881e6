import { query } from "#lib/core/query.ts";
import { getDirectoryGroup, showGroup } from "./directory-group.ts";

/** One group of the directory that asks. Throws not_found. */
export const readDirectoryGroup = query({
  event: "directory_group.read",
  permission: "directory",
  run: async ({ db, ctx }, { id, withMembers }: { id: string; withMembers: boolean }) =>
    showGroup(db, ctx, await getDirectoryGroup(db, ctx, id), { withMembers }),
});
