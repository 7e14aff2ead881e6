import { and, asc, eq, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission } from "#lib/core/access.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { peopleIn } from "./delete-group.ts";
import { requireGroup } from "./find-group.ts";
import { groupChanges } from "./group-changes.ts";
import { ChangeGroupInput } from "./input.ts";

/** As many names as say whom it is about. */
const NAMES = 5;

/** Whom a change of a group would touch, before it is saved. Names are for those who may see the firm's staff. */
export const previewGroupChange = query({
  event: "group_change.previewed",
  permission: "groups:manage",
  async run({ db, ctx }, input: unknown) {
    const { groupId, ...next } = parse(ChangeGroupInput, input);
    const group = await requireGroup(db, groupId);
    const { present } = await peopleIn(db, group.id);
    const own = ctx.actor ? await isIn(db, group.id, ctx.actor.memberId) : false;
    return {
      group,
      changes: groupChanges(group, next),
      affected: present,
      names: hasPermission(ctx, "members:read") ? await firstNames(db, group.id) : [],
      /** Whether the reader is one of them. */
      own,
    };
  },
});

async function isIn(db: TenantDb, groupId: string, memberId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.id, memberId), eq(members.securityGroupId, groupId)));
  return row !== undefined;
}

async function firstNames(db: TenantDb, groupId: string): Promise<string[]> {
  const rows = await db
    .select({ name: members.name })
    .from(members)
    .where(and(eq(members.securityGroupId, groupId), isNull(members.deletedAt)))
    .orderBy(asc(members.name), asc(members.id))
    .limit(NAMES);
  return rows.map(({ name }) => name);
}
