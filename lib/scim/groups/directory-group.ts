import { and, eq, inArray } from "drizzle-orm";
import { scimGroupMembers, scimGroups, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { addressOf } from "../address.ts";
import type { Json } from "../read-resource.ts";
import { GROUP_SCHEMA } from "../schema.ts";
import { directoryOf } from "../users/directory-user.ts";
import { entityTag } from "../version.ts";

export type ScimGroup = typeof scimGroups.$inferSelect;

/** A group of a directory with the ids of the users in it. */
export type DirectoryGroup = { group: ScimGroup; members: string[] };

/** A group of the directory that asks. Another one's, and another firm's, does not exist: throws not_found. */
export async function getDirectoryGroup(db: TenantDb, ctx: Context, id: string): Promise<ScimGroup> {
  const own = eq(scimGroups.connectionId, directoryOf(ctx).connectionId);
  const [group] = isId(id)
    ? await db
        .select()
        .from(scimGroups)
        .where(and(eq(scimGroups.id, id), own))
    : [];
  if (!group) throw notFound("There is no such group.");
  return group;
}

export async function membersOf(db: TenantDb, { id }: ScimGroup): Promise<string[]> {
  const rows = await db
    .select({ userId: scimGroupMembers.userId })
    .from(scimGroupMembers)
    .where(eq(scimGroupMembers.groupId, id));
  return rows.map(({ userId }) => userId);
}

export function tagOfGroup({ version }: ScimGroup): string {
  return entityTag(version);
}

/** A group as the protocol shows it; without its members where nobody wants to read them. */
export async function showGroup(
  db: TenantDb,
  ctx: Context,
  group: ScimGroup,
  wish: { withMembers: boolean },
): Promise<Json> {
  const [shown = {}] = await showGroups(db, ctx, [group], wish);
  return shown;
}

/** The same of a page of them, by as many statements as for one. */
export async function showGroups(
  db: TenantDb,
  ctx: Context,
  groups: ScimGroup[],
  { withMembers }: { withMembers: boolean },
): Promise<Json[]> {
  const members = withMembers ? await namedMembers(db, groups) : undefined;
  return groups.map((group) => ({
    schemas: [GROUP_SCHEMA],
    id: group.id,
    ...(group.externalId !== null && { externalId: group.externalId }),
    displayName: group.displayName,
    ...(members && { members: (members.get(group.id) ?? []).map((member) => shownMember(ctx, member)) }),
    meta: {
      resourceType: "Group",
      created: group.createdAt.toISOString(),
      lastModified: group.changedAt.toISOString(),
      location: addressOf(ctx, "Groups", group.id),
      version: tagOfGroup(group),
    },
  }));
}

type NamedMember = { groupId: string; id: string; display: string };

async function namedMembers(db: TenantDb, groups: ScimGroup[]): Promise<Map<string, NamedMember[]>> {
  const { groupId } = scimGroupMembers;
  const ids = groups.map(({ id }) => id);
  const rows = await db
    .select({ groupId, id: scimUsers.id, display: scimUsers.userName })
    .from(scimGroupMembers)
    .innerJoin(scimUsers, eq(scimUsers.id, scimGroupMembers.userId))
    .where(inArray(groupId, ids))
    .orderBy(scimUsers.userNameKey);
  return Map.groupBy(rows, (row) => row.groupId);
}

function shownMember(ctx: Context, { id, display }: NamedMember): Json {
  return { value: id, $ref: addressOf(ctx, "Users", id), type: "User", display };
}
