import { asc, eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { ceilingOf } from "#lib/access/powerful-groups.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { Group } from "#lib/groups/held.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import type { Member } from "#lib/members/find-member.ts";
import { requireAnAdministrator } from "#lib/members/require-an-administrator.ts";
import { type GroupMapping, groupFor } from "#lib/policy/sso-mapping.ts";
import type { Connection } from "./configuration.ts";
import { rulesOf } from "./connections/group-rules.ts";
import { findIdentity } from "./find-linked-member.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

export type ReadMapping = GroupMapping & {
  groups: Group[];
  /** Whether the firm's groups are locked, so that somebody's may change. */
  locked: boolean;
};

/**
 * A connection's rules in their order. The firm's groups are locked only where somebody's group is about to change: or all
 * sign-ins of a firm would wait for one another. Groups before members, as everywhere.
 */
export async function readMapping(
  db: TenantDb,
  connection: Connection,
  { subject, claims }: UpstreamIdentity,
): Promise<ReadMapping> {
  const mapping = await mappingOf(db, connection, await listGroups(db));
  const member = await findIdentity(db, connection, subject);
  if (member && groupWanted(member, mapping, claims.groups) === member.securityGroupId) return mapping;
  return { ...(await mappingOf(db, connection, await lockGroups(db))), locked: true };
}

/** What a connection gives to whom, in the firm's groups as they have been read. */
export async function mappingOf(
  db: TenantDb,
  { id, defaultGroupId }: Pick<Connection, "id" | "defaultGroupId">,
  groups: Group[],
): Promise<ReadMapping> {
  const rules = await rulesOf(db, id);
  return { groups, rules, defaultGroupId, ...ceilingOf(groups), locked: false };
}

export function listGroups(db: TenantDb): Promise<Group[]> {
  return db.select().from(securityGroups).orderBy(asc(securityGroups.position));
}

/** Without rules the firm itself says who is in which group, and contacts have one of their own. */
export function groupWanted(
  member: Member,
  mapping: ReadMapping,
  groups: readonly string[],
): string | undefined {
  if (member.kind === "contact" || mapping.rules.length === 0) return member.securityGroupId;
  return groupFor(mapping, groups);
}

/**
 * Gives a member, whose row is locked, the group that the provider's groups lead to. False where there are rules and none
 * leads anywhere.
 */
export async function mapGroup(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { mapping, groups }: { mapping: ReadMapping; groups: readonly string[] },
): Promise<boolean> {
  const securityGroupId = groupWanted(member, mapping, groups);
  if (!securityGroupId) return false;
  // What changed in this very moment counts at the next sign-in.
  if (securityGroupId === member.securityGroupId || !mapping.locked) return true;
  const group = mapping.groups.find(({ id }) => id === securityGroupId);
  if (!(await leavesAnAdministrator(db, member, mapping.groups, group))) {
    await recordEvent(db, ctx, {
      event: "member.group_kept",
      targetId: member.id,
      reason: "last_administrator",
    });
    return true;
  }
  await db.update(members).set({ securityGroupId }).where(eq(members.id, member.id));
  const detail = { group: securityGroupId, by: "identity_provider" };
  await recordEvent(db, ctx, { event: "member.group_mapped", targetId: member.id, detail });
  return true;
}

async function leavesAnAdministrator(
  db: TenantDb,
  member: Member,
  groups: Group[],
  group: Group | undefined,
): Promise<boolean> {
  try {
    await requireAnAdministrator(db, member, groups, { group, status: member.status });
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
