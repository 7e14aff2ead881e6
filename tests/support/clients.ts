import { clientStaff } from "#db/schema/clients.ts";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { actingAs } from "./contexts.ts";
import { aMember } from "./tenants.ts";

export const EVERYTHING = Object.keys(PERMISSIONS) as Permission[];

/** Somebody of the staff who sees these clients and no others (E7). */
export async function assignedTo(
  tenant: Tenant,
  clients: { id: string }[],
  permissions: Permission[] = EVERYTHING,
): Promise<MemberContext> {
  const member = await aMember(tenant, { permissions, name: "Nora Lind" });
  await withTenant(tenant.id, async (db) => {
    for (const { id } of clients) await db.insert(clientStaff).values({ clientId: id, memberId: member.id });
  });
  const ctx = actingAs(tenant, member, ...permissions);
  return { ...ctx, actor: { ...ctx.actor, clientScope: "assigned" } };
}
