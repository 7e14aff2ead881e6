import { asc, eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { query } from "#lib/core/query.ts";

/** More than this is for search and paging, which come with the people's own capability. */
const SHOWN = 500;

/** The firm's staff, by name. */
export const listMembers = query({
  event: "members.listed",
  permission: "members:read",
  run: ({ db }) =>
    db
      .select({
        id: members.id,
        name: members.name,
        username: members.username,
        email: members.email,
        status: members.status,
        federated: members.connectionId,
        group: securityGroups.name,
        lastSignInAt: members.lastSignInAt,
      })
      .from(members)
      .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
      .where(eq(members.kind, "staff"))
      .orderBy(asc(members.name), asc(members.id))
      .limit(SHOWN),
});
