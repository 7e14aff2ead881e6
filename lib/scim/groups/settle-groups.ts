import { and, eq, inArray, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { distrustDevices } from "#lib/auth/device/known-devices.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Group } from "#lib/groups/held.ts";
import { lockMembers, type Member } from "#lib/members/find-member.ts";
import { requireAnAdministrator } from "#lib/members/require-an-administrator.ts";
import { chooseGroup, leastGroup, mappingOfDirectory } from "./choose-group.ts";
import { namesOfGroups } from "./names-of-groups.ts";

type Touched = {
  /** The directory's users whose groups have changed. */
  userIds: string[];
  /** What the groups that changed are and were called. */
  names: string[];
  firmGroups: Group[];
};

/**
 * Gives members the security group that their groups in the directory give, at once (SEC84). Only groups that a rule names
 * count: others leave what the provider said at the last sign-in. Whom no rule gives anything any more, and the connection
 * no group of its own, is out until the next sign-in, which decides anew.
 * @throws DomainError conflict for the last Administrator
 */
export async function settleGroups(db: TenantDb, ctx: RunContext, touched: Touched): Promise<AuditEvent[]> {
  const mapping = await mappingOfDirectory(db, ctx, touched.firmGroups);
  const isRuled = mapping.rules.some(({ groupValue }) => touched.names.includes(groupValue));
  if (!isRuled || touched.userIds.length === 0) return [];
  const people = await lockPeople(db, touched.userIds);
  const names = await namesOfGroups(db, [...people.keys()]);
  const events: AuditEvent[] = [];
  for (const [userId, member] of people) {
    const wanted = chooseGroup(mapping, touched.firmGroups, names.get(userId) ?? []);
    events.push(...(await settle(db, ctx, member, { wanted, firmGroups: touched.firmGroups })));
  }
  return events;
}

/** The members by their id in the directory, locked in one order. */
async function lockPeople(db: TenantDb, userIds: string[]): Promise<Map<string, Member>> {
  const rows = await db
    .select({ userId: scimUsers.id, memberId: scimUsers.memberId })
    .from(scimUsers)
    .innerJoin(members, eq(members.id, scimUsers.memberId))
    .where(and(inArray(scimUsers.id, userIds), isNull(scimUsers.deletedAt), isNull(members.deletedAt)));
  const locked = await lockMembers(
    db,
    rows.map(({ memberId }) => memberId),
  );
  return new Map(
    rows.flatMap(({ userId, memberId }) => {
      const member = locked.get(memberId);
      return member ? [[userId, member] as const] : [];
    }),
  );
}

async function settle(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { wanted, firmGroups }: { wanted: Group | undefined; firmGroups: Group[] },
): Promise<AuditEvent[]> {
  const group = wanted ?? leastGroup(firmGroups);
  if (!wanted) await endWork(db, ctx.now, member.id);
  if (group.id === member.securityGroupId) return [];
  await requireAnAdministrator(db, member, firmGroups, { group, status: member.status });
  await db.update(members).set({ securityGroupId: group.id }).where(eq(members.id, member.id));
  const detail = { securityGroup: group.name };
  return [{ event: "member_security.changed", targetId: member.id, detail }];
}

/** Ends what somebody is in by now; the account stays as it is. */
async function endWork(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await revokeSessions(db, now, memberId, "group_lost");
  await endApiTokens(db, now, memberId, "group_lost");
  await distrustDevices(db, memberId);
}
