import { asc, eq } from "drizzle-orm";
import { connectionGroupRules } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Group } from "#lib/groups/held.ts";

export type Rule = typeof connectionGroupRules.$inferSelect & { group: Group };

/** A connection's rules in the firm's order, with their groups as they are now. */
export async function rulesOf(db: TenantDb, connectionId: string): Promise<Rule[]> {
  const rows = await db
    .select({ rule: connectionGroupRules, group: securityGroups })
    .from(connectionGroupRules)
    .innerJoin(securityGroups, eq(securityGroups.id, connectionGroupRules.securityGroupId))
    .where(eq(connectionGroupRules.connectionId, connectionId))
    .orderBy(asc(connectionGroupRules.position));
  return rows.map(({ rule, group }) => ({ ...rule, group }));
}

/** Why no rule gives the group of contacts, and no default does. */
export const FOR_CONTACTS =
  "This group is that of contacts. Whom a provider or a directory brings is of the staff.";
