import { query } from "#lib/core/query.ts";
import { groupFor } from "#lib/policy/sso-mapping.ts";
import { listGroups, mappingOf } from "../map-group.ts";
import { requireConnection } from "./find-connection.ts";

type Wish = { connectionId: string; groups: string[] };

/** Which security group somebody with these groups of the provider gets; none where they do not get in. Throws not_found. */
export const previewMapping = query({
  event: "group_mapping.previewed",
  permission: "sso:manage",
  async run({ db }, { connectionId, groups }: Wish) {
    const connection = await requireConnection(db, connectionId);
    const mapping = await mappingOf(db, connection, await listGroups(db));
    const id = groupFor(mapping, groups);
    return {
      groupName: mapping.groups.find((group) => group.id === id)?.name,
      mapped: mapping.rules.length > 0,
    };
  },
});
