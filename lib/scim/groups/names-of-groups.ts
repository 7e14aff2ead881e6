import { and, eq, inArray, isNull } from "drizzle-orm";
import { scimGroupMembers, scimGroups, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";

/**
 * How the groups that users of a directory are in are called, as rules name them: by their name, and by the directory's own
 * id, which is what Entra ID puts into its claims.
 */
export async function namesOfGroups(db: TenantDb, userIds: string[]): Promise<Map<string, string[]>> {
  const { displayName, externalId } = scimGroups;
  const rows = await db
    .select({ userId: scimGroupMembers.userId, displayName, externalId })
    .from(scimGroupMembers)
    .innerJoin(scimGroups, eq(scimGroups.id, scimGroupMembers.groupId))
    .where(inArray(scimGroupMembers.userId, userIds));
  const names = new Map<string, string[]>();
  for (const row of rows) {
    const own = row.externalId === null ? [] : [row.externalId];
    names.set(row.userId, [...(names.get(row.userId) ?? []), row.displayName, ...own]);
  }
  return names;
}

/** The same of one member at a sign-in, where the connection's directory has made it. */
export async function directoryGroupsOf(
  db: TenantDb,
  { connectionId, memberId }: { connectionId: string; memberId: string },
): Promise<string[]> {
  const [user] = await db
    .select({ id: scimUsers.id })
    .from(scimUsers)
    .where(
      and(
        eq(scimUsers.memberId, memberId),
        eq(scimUsers.connectionId, connectionId),
        isNull(scimUsers.deletedAt),
      ),
    );
  return user ? ((await namesOfGroups(db, [user.id])).get(user.id) ?? []) : [];
}
