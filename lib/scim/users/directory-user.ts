import { and, eq, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Context, Directory } from "#lib/core/context.ts";
import { notFound, unauthenticated } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { entityTag } from "../version.ts";

export type ScimUser = typeof scimUsers.$inferSelect;

/** A user of a directory with the member that it is here. */
export type DirectoryUser = { user: ScimUser; member: Member };

/** The directory that asks. Use cases of directories ask for it by their permission already. */
export function directoryOf({ directory }: Context): Directory {
  if (!directory) throw unauthenticated("no_directory");
  return directory;
}

/** The users of a directory: its connection's, of whom neither it nor the firm has deleted the member. */
export function usersOf({ connectionId }: Directory) {
  return and(
    eq(scimUsers.connectionId, connectionId),
    isNull(scimUsers.deletedAt),
    isNull(members.deletedAt),
  );
}

/** A user of the directory that asks. Another one's, and another firm's, does not exist: throws not_found. */
export async function getDirectoryUser(db: TenantDb, ctx: Context, id: string): Promise<DirectoryUser> {
  const [found] = await db
    .select({ user: scimUsers, member: members })
    .from(scimUsers)
    .innerJoin(members, eq(members.id, scimUsers.memberId))
    .where(and(eq(scimUsers.id, isId(id) ? id : NOBODY), usersOf(directoryOf(ctx))));
  if (!found) throw notFound("There is no such user.");
  return found;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The same, locked for a change. Whoever calls it has locked the firm's groups. */
export async function lockDirectoryUser(db: TenantDb, ctx: Context, id: string): Promise<DirectoryUser> {
  const { member } = await getDirectoryUser(db, ctx, id);
  await lockMember(db, member.id);
  return getDirectoryUser(db, ctx, id);
}

export function tagOfUser({ user, member }: DirectoryUser): string {
  return entityTag(user.version, member.version);
}
