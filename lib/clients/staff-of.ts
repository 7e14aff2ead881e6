import { and, asc, eq, isNull } from "drizzle-orm";
import { clientStaff } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";

/** As colleagues know each other: no addresses, which are for whoever sees the firm's staff. */
export type Colleague = { id: string; name: string; group: string; enabled: boolean };

/** The staff assigned to a client, by name. */
export async function staffOf(db: TenantDb, clientId: string): Promise<Colleague[]> {
  const rows = await db
    .select({ id: members.id, name: members.name, group: securityGroups.name, status: members.status })
    .from(clientStaff)
    .innerJoin(members, eq(members.id, clientStaff.memberId))
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(and(eq(clientStaff.clientId, clientId), isNull(members.deletedAt)))
    .orderBy(asc(members.name), asc(members.id));
  return rows.map(({ status, ...colleague }) => ({ ...colleague, enabled: status === "enabled" }));
}
