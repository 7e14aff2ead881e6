import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { forbidden, notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import type { Group } from "./held.ts";

/** Throws not_found for an id that is none of this firm's groups. */
export async function requireGroup(db: TenantDb, id: string): Promise<Group> {
  if (!isId(id)) throw notFound();
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, id));
  if (!group) throw notFound();
  return group;
}

/** One of the firm's own groups, of those that are locked. Throws not_found, or forbidden for a preset. */
export function requireCustomGroup(groups: Group[], id: string): Group {
  const group = requireOneOf(groups, id);
  if (group.preset) throw presetGroup();
  return group;
}

/** Throws not_found for an id that is none of these. */
export function requireOneOf(groups: Group[], id: string): Group {
  const group = groups.find((one) => one.id === id);
  if (!group) throw notFound();
  return group;
}

export function presetGroup() {
  return forbidden("preset_group", "Every firm has this group as it is. Copy it instead.");
}
