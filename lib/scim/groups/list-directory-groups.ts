import { and, asc, count, eq, sql } from "drizzle-orm";
import { scimGroups } from "#db/schema/scim.ts";
import { query } from "#lib/core/query.ts";
import type { Columns } from "../filter-condition.ts";
import { filterOf, type ListWish, listOf, pageOf, sortedBy } from "../paging.ts";
import { GROUP_KIND } from "../schema.ts";
import { directoryOf } from "../users/directory-user.ts";
import { showGroups } from "./directory-group.ts";

const COLUMNS: Columns = {
  kind: GROUP_KIND,
  json: undefined,
  own: {
    id: sql`${scimGroups.id}::text`,
    externalId: sql`${scimGroups.externalId}`,
    displayName: sql`${scimGroups.displayNameKey}`,
    "meta.created": sql`${scimGroups.createdAt}`,
    "meta.lastModified": sql`${scimGroups.changedAt}`,
    "members[]": sql`(select jsonb_agg(jsonb_build_object('value', m.user_id)) from scim_group_members m
      where m.group_id = ${scimGroups.id})`,
  },
  equals: {
    displayName: (wanted) => sql`(${scimGroups.displayNameKey} = ${wanted.toLowerCase()})`,
  },
};

/** A page of the directory's groups, those that fit a filter, the oldest first unless another order is asked for. */
export const listDirectoryGroups = query({
  event: "directory_groups.listed",
  permission: "directory",
  async run({ db, ctx }, { withMembers, ...wish }: ListWish & { withMembers: boolean }) {
    const page = pageOf(wish);
    const own = eq(scimGroups.connectionId, directoryOf(ctx).connectionId);
    const wanted = and(own, filterOf(COLUMNS, wish));
    const [all] = await db.select({ total: count() }).from(scimGroups).where(wanted);
    const sorted = sortedBy(COLUMNS, wish);
    const found = await db
      .select()
      .from(scimGroups)
      .where(wanted)
      .orderBy(...(sorted ? [sorted] : []), asc(scimGroups.createdAt), asc(scimGroups.id))
      .offset(page.offset)
      .limit(page.limit);
    return listOf(await showGroups(db, ctx, found, { withMembers }), all?.total ?? 0, page);
  },
});
