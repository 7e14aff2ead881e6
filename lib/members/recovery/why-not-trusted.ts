import { eq, inArray } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import type { Member } from "#lib/members/find-member.ts";

type Person = { id: string | null; as: "proposer" | "approver" };

export type Distrust = `${Person["as"]}_${"gone" | "disabled" | "frozen" | "may_not"}`;

/**
 * Why one of the people behind a new address no longer counts, as their accounts stand now: they have to be staff who
 * can sign in, may help, and hold all that the account holds. Undefined where all of them count.
 */
export async function whyNotTrusted(
  db: TenantDb,
  member: Member,
  people: Person[],
): Promise<Distrust | undefined> {
  const wanted = await permissionsOf(db, member.securityGroupId);
  const ids = people.map(({ id }) => id).filter((id) => id !== null);
  const rows = await db
    .select({ person: members, listed: securityGroups.permissions })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(inArray(members.id, ids));
  for (const { id, as } of people) {
    const row = rows.find(({ person }) => person.id === id);
    const obstacle = obstacleOf(row, wanted);
    if (obstacle) return `${as}_${obstacle}`;
  }
  return undefined;
}

async function permissionsOf(db: TenantDb, groupId: string): Promise<string[]> {
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, groupId));
  return group?.permissions ?? [];
}

type Row = { person: Member; listed: string[] };

function obstacleOf(row: Row | undefined, wanted: string[]) {
  if (!row) return "gone";
  const { person, listed } = row;
  if (person.status !== "enabled") return "disabled";
  if (person.frozenAt !== null) return "frozen";
  const held: ReadonlySet<string> = effectivePermissions(person.kind, listed);
  return ["recovery:manage", ...wanted].every((permission) => held.has(permission)) ? undefined : "may_not";
}
