import { asc, count, isNull } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { query } from "#lib/core/query.ts";

/** The firm's security groups in their order, with how many people are in each. */
export const listGroups = query({
  event: "groups.listed",
  permission: "groups:manage",
  async run({ db }) {
    const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
    const rows = await db
      .select({ groupId: members.securityGroupId, number: count() })
      .from(members)
      .where(isNull(members.deletedAt))
      .groupBy(members.securityGroupId);
    const numbers = new Map(rows.map(({ groupId, number }) => [groupId, number]));
    return groups.map((group) => ({ ...group, members: numbers.get(group.id) ?? 0 }));
  },
});
