import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Group } from "./held.ts";

/**
 * The firm's groups in their order, locked until the transaction ends: one change of groups, or of who is in which, at a
 * time. Whoever needs members too locks the groups first.
 */
export function lockGroups(db: TenantDb): Promise<Group[]> {
  return db.select().from(securityGroups).orderBy(asc(securityGroups.position)).for("update");
}
