import { and, asc, isNull, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { COUNTED, ONE } from "#lib/core/count-up-to.ts";
import { query } from "#lib/core/query.ts";

/** The firm's security groups in their order, with how many people are in each, counted up to `COUNTED`. */
export const listGroups = query({
  event: "groups.listed",
  permission: "groups:manage",
  async run({ db }) {
    const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
    const numbers = new Map((await peopleInGroups(db)).map(({ id, people }) => [id, people]));
    return groups.map((group) => ({ ...group, members: numbers.get(group.id) ?? 0 }));
  },
});

async function peopleInGroups(db: TenantDb): Promise<{ id: string; people: number }[]> {
  const within = sql`${members.securityGroupId} = ${securityGroups.id}`;
  const some = db
    .select(ONE)
    .from(members)
    .where(and(within, isNull(members.deletedAt)))
    .orderBy(asc(members.name))
    .limit(COUNTED);
  return db
    .select({
      id: securityGroups.id,
      people: sql<number>`(select count(*) from ${some} counted)`.mapWith(Number),
    })
    .from(securityGroups);
}
