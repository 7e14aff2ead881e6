import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import { scimGroupMembers, scimGroups, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { isId } from "#lib/core/ids.ts";
import type { Group } from "#lib/groups/held.ts";
import { countUserVersions } from "../count-versions.ts";
import { refusal } from "../scim-error.ts";
import { directoryOf } from "../users/directory-user.ts";
import { type DirectoryGroup, getDirectoryGroup, type ScimGroup } from "./directory-group.ts";
import type { GroupWish } from "./group-wish.ts";
import { settleGroups } from "./settle-groups.ts";

type Changed = { group: ScimGroup; events: AuditEvent[] };

/**
 * Makes of a group what the directory wants, and settles what that gives its people. The firm's groups are locked, so that
 * one change of them happens at a time. Writes nothing where nothing is new.
 */
export async function changeGroup(
  db: TenantDb,
  ctx: RunContext,
  { group, members }: DirectoryGroup,
  { wish, firmGroups }: { wish: GroupWish; firmGroups: Group[] },
): Promise<Changed> {
  await requireFreeName(db, ctx, wish, group.id);
  const { joined, left } = difference(members, wish.members);
  const isRenamed = group.displayName !== wish.displayName || group.externalId !== wish.externalId;
  if (!isRenamed && joined.length === 0 && left.length === 0) return { group, events: [] };
  await writeGroup(db, ctx, group, wish);
  await join(db, ctx, group.id, joined);
  await leave(db, group.id, left);
  const names = [group.displayName, group.externalId, wish.displayName, wish.externalId];
  const userIds = isRenamed ? [...new Set([...members, ...joined])] : [...joined, ...left];
  await countUserVersions(db, userIds);
  const events = await settleGroups(db, ctx, {
    userIds,
    names: names.filter((name) => name !== null),
    firmGroups,
  });
  const detail = { joined: joined.length, left: left.length, renamed: isRenamed };
  const event = { event: "directory_group.changed", targetId: group.id, detail };
  return { group: await getDirectoryGroup(db, ctx, group.id), events: [event, ...events] };
}

function difference(before: string[], after: string[]) {
  const [was, is] = [new Set(before), new Set(after)];
  return { joined: after.filter((id) => !was.has(id)), left: before.filter((id) => !is.has(id)) };
}

async function writeGroup(db: TenantDb, ctx: RunContext, group: ScimGroup, wish: GroupWish): Promise<void> {
  const { displayName, displayNameKey, externalId } = wish;
  await db
    .update(scimGroups)
    .set({ displayName, displayNameKey, externalId, version: group.version + 1, changedAt: ctx.now })
    .where(eq(scimGroups.id, group.id));
}

/** One name of a directory is one group's. Throws what is wrong. */
export async function requireFreeName(
  db: TenantDb,
  ctx: RunContext,
  { displayNameKey, displayName }: GroupWish,
  but?: string,
): Promise<void> {
  const [other] = await db
    .select({ id: scimGroups.id })
    .from(scimGroups)
    .where(
      and(
        eq(scimGroups.connectionId, directoryOf(ctx).connectionId),
        eq(scimGroups.displayNameKey, displayNameKey),
        but === undefined ? undefined : ne(scimGroups.id, but),
      ),
    );
  if (other) throw refusal("uniqueness", `Another group of this directory is called ${displayName}.`);
}

/** Users of this directory only; whoever else is named does not exist. Throws what is wrong. */
export async function join(db: TenantDb, ctx: RunContext, groupId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const known = ids.every(isId);
  const own =
    known &&
    (await db
      .select({ userId: scimUsers.id })
      .from(scimUsers)
      .where(
        and(
          inArray(scimUsers.id, ids),
          eq(scimUsers.connectionId, directoryOf(ctx).connectionId),
          isNull(scimUsers.deletedAt),
        ),
      ));
  if (!own || own.length !== ids.length)
    throw refusal("invalidValue", "One of the members is no user of this directory.");
  await db.insert(scimGroupMembers).values(own.map(({ userId }) => ({ groupId, userId })));
}

async function leave(db: TenantDb, groupId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .delete(scimGroupMembers)
    .where(and(eq(scimGroupMembers.groupId, groupId), inArray(scimGroupMembers.userId, ids)));
}
