import { eq } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { mappingOf } from "#lib/auth/sso/map-group.ts";
import type { Context } from "#lib/core/context.ts";
import type { Group } from "#lib/groups/held.ts";
import { type GroupMapping, groupFor } from "#lib/policy/sso-mapping.ts";
import { directoryOf } from "../users/directory-user.ts";

/** What the directory's connection gives to whom, by the rules that its sign-ins go by too (DEC5, G7). */
export async function mappingOfDirectory(
  db: TenantDb,
  ctx: Context,
  firmGroups: Group[],
): Promise<GroupMapping> {
  const { connectionId: id } = directoryOf(ctx);
  const [connection] = await db
    .select({ defaultGroupId: connections.defaultGroupId })
    .from(connections)
    .where(eq(connections.id, id));
  return mappingOf(db, { id, defaultGroupId: connection?.defaultGroupId ?? null }, firmGroups);
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
