import { asc, eq } from "drizzle-orm";
import { connectionGroupRules, connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ceilingOf } from "#lib/access/powerful-groups.ts";
import type { Group } from "#lib/groups/held.ts";
import { type GroupMapping, groupFor } from "#lib/policy/sso-mapping.ts";

/** What a connection gives to whom, by the rules that its sign-ins go by too (DEC5, G7). */
export async function readMapping(
  db: TenantDb,
  connectionId: string,
  firmGroups: readonly Group[],
): Promise<GroupMapping> {
  const rules = await db
    .select()
    .from(connectionGroupRules)
    .where(eq(connectionGroupRules.connectionId, connectionId))
    .orderBy(asc(connectionGroupRules.position));
  const [connection] = await db
    .select({ defaultGroupId: connections.defaultGroupId })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return {
    rules,
    defaultGroupId: connection?.defaultGroupId ?? null,
    ...ceilingOf(firmGroups),
  };
}

/** The security group of somebody who is in these groups of the directory; undefined where nothing gives one. */
export function chooseGroup(
  mapping: GroupMapping,
  firmGroups: readonly Group[],
  names: readonly string[],
): Group | undefined {
  const id = groupFor(mapping, names);
  return firmGroups.find((group) => group.id === id);
}

/** The least that somebody of the staff can be: where nobody has said what they are to be. */
export function leastGroup(firmGroups: readonly Group[]): Group {
  const least = firmGroups.find(({ preset }) => preset === "read_only");
  if (!least) throw new Error("The firm has no group that only reads.");
  return least;
}
