import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import type { Actor, Context, MemberContext } from "#lib/core/context.ts";
import { SETS_PASSWORDS } from "./check-import.ts";
import { IMPORT_NEEDS, type Import } from "./find-import.ts";

/**
 * Whoever imports, with what they may do by now: the worker does nothing that they could not do themselves at this
 * moment. Undefined for somebody who may not import any more.
 */
export async function importerOf(
  db: TenantDb,
  ctx: Context,
  { createdBy, kind, mapping }: Import,
): Promise<MemberContext | undefined> {
  const [row] = await db
    .select({ member: members, group: securityGroups })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(eq(members.id, createdBy));
  if (row?.member.status !== "enabled" || row.member.frozenAt) return undefined;
  const { member, group } = row;
  const actor: Actor = {
    memberId: member.id,
    // There is no session: what is asked of this actor is what it may do and see.
    sessionId: "",
    kind: member.kind,
    name: member.name,
    username: member.username,
    email: member.email ?? undefined,
    groupName: group.name,
    permissions: effectivePermissions(member.kind, group.permissions),
    clientScope: group.clientScope,
    timeZone: member.timeZone ?? undefined,
  };
  const needs = [IMPORT_NEEDS[kind], ...(mapping.hash ? [SETS_PASSWORDS] : [])] as const;
  return needs.every((permission) => actor.permissions.has(permission)) ? { ...ctx, actor } : undefined;
}
