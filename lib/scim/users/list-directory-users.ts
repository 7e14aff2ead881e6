import { and, asc, count, eq, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import { query } from "#lib/core/query.ts";
import type { Columns } from "../filter-condition.ts";
import { filterOf, type ListWish, listOf, pageOf, sortedBy } from "../paging.ts";
import { USER_KIND } from "../schema.ts";
import { directoryOf, usersOf } from "./directory-user.ts";
import { showUsers } from "./show-user.ts";

const COLUMNS: Columns = {
  kind: USER_KIND,
  json: sql`${scimUsers.attributes}`,
  own: {
    id: sql`${scimUsers.id}::text`,
    externalId: sql`${scimUsers.externalId}`,
    userName: sql`${scimUsers.userNameKey}`,
    active: sql`(${members.status} = 'enabled')`,
    "meta.created": sql`${scimUsers.createdAt}`,
    "meta.lastModified": sql`${scimUsers.changedAt}`,
    "groups[]": sql`(select jsonb_agg(jsonb_build_object('value', m.group_id)) from scim_group_members m
      where m.user_id = ${scimUsers.id})`,
  },
  equals: {
    userName: (wanted) => sql`(${scimUsers.userNameKey} = ${wanted.toLowerCase()})`,
    externalId: (wanted) => sql`coalesce(${scimUsers.externalId} = ${wanted}, false)`,
  },
};

/** A page of the directory's users, those that fit a filter, the oldest first unless another order is asked for. */
export const listDirectoryUsers = query({
  event: "directory_users.listed",
  permission: "directory",
  async run({ db, ctx }, wish: ListWish) {
    const page = pageOf(wish);
    const wanted = and(usersOf(directoryOf(ctx)), filterOf(COLUMNS, wish));
    const joined = eq(members.id, scimUsers.memberId);
    const [all] = await db
      .select({ total: count() })
      .from(scimUsers)
      .innerJoin(members, joined)
      .where(wanted);
    const sorted = sortedBy(COLUMNS, wish);
    const found = await db
      .select({ user: scimUsers, member: members })
      .from(scimUsers)
      .innerJoin(members, joined)
      .where(wanted)
      .orderBy(...(sorted ? [sorted] : []), asc(scimUsers.createdAt), asc(scimUsers.id))
      .offset(page.offset)
      .limit(page.limit);
    return listOf(await showUsers(db, ctx, found), all?.total ?? 0, page);
  },
});
