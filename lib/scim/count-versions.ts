import { inArray, sql } from "drizzle-orm";
import { scimGroupMembers, scimGroups, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";

/** Users whose groups are shown otherwise from now on: what was read of them before is another version. */
export async function countUserVersions(db: TenantDb, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return;
  await db
    .update(scimUsers)
    .set({ version: sql`${scimUsers.version} + 1` })
    .where(inArray(scimUsers.id, userIds));
}

/** The same of the groups that show a user by a name. */
export async function countGroupVersions(db: TenantDb, userId: string): Promise<void> {
  const groups = sql`select ${scimGroupMembers.groupId} from ${scimGroupMembers} where ${scimGroupMembers.userId} = ${userId}`;
  await db
    .update(scimGroups)
    .set({ version: sql`${scimGroups.version} + 1` })
    .where(sql`${scimGroups.id} in (${groups})`);
}
