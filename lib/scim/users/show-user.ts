import { asc, eq, inArray } from "drizzle-orm";
import { scimGroupMembers, scimGroups } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { addressOf } from "../address.ts";
import type { Json } from "../read-resource.ts";
import { USER_SCHEMA } from "../schema.ts";
import { type DirectoryUser, tagOfUser } from "./directory-user.ts";

/** Users as the protocol shows them, with their groups, by as many statements for one as for a page of them. */
export async function showUsers(db: TenantDb, ctx: Context, found: DirectoryUser[]): Promise<Json[]> {
  const groups = await groupsOf(
    db,
    found.map(({ user }) => user.id),
  );
  return found.map((one) => showUser(ctx, one, groups.get(one.user.id) ?? []));
}

type GroupOfUser = { userId: string; id: string; displayName: string };

function showUser(ctx: Context, found: DirectoryUser, groups: GroupOfUser[]): Json {
  const { user, member } = found;
  const extensions = Object.keys(user.attributes).filter((name) => name.startsWith("urn:"));
  return {
    schemas: [USER_SCHEMA, ...extensions],
    id: user.id,
    ...resourceOf(found),
    ...(groups.length > 0 && {
      groups: groups.map(({ id, displayName }) => ({
        ...{ value: id, $ref: addressOf(ctx, "Groups", id), display: displayName, type: "direct" },
      })),
    }),
    meta: {
      resourceType: "User",
      created: user.createdAt.toISOString(),
      lastModified: user.changedAt.toISOString(),
      location: addressOf(ctx, "Users", user.id),
      version: tagOfUser({ user, member }),
    },
  };
}

/** What the directory has said of a user, with what is true of it here: whether the member may sign in. */
export function resourceOf({ user, member }: DirectoryUser): Json {
  return {
    ...(user.externalId !== null && { externalId: user.externalId }),
    userName: user.userName,
    active: member.status === "enabled",
    ...user.attributes,
  };
}

async function groupsOf(db: TenantDb, userIds: string[]): Promise<Map<string, GroupOfUser[]>> {
  const rows = await db
    .select({ userId: scimGroupMembers.userId, id: scimGroups.id, displayName: scimGroups.displayName })
    .from(scimGroupMembers)
    .innerJoin(scimGroups, eq(scimGroups.id, scimGroupMembers.groupId))
    .where(inArray(scimGroupMembers.userId, userIds))
    .orderBy(asc(scimGroups.displayNameKey));
  const groups = new Map<string, GroupOfUser[]>();
  for (const row of rows) groups.set(row.userId, [...(groups.get(row.userId) ?? []), row]);
  return groups;
}
