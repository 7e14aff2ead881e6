import { eq, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type FactorFacts, NO_FACTORS } from "#lib/policy/second-factor.ts";

/** What is known of second factors where `members` and their security groups are read anyway. */
export const FACTOR_COLUMNS = {
  hasTotp: sql<boolean>`exists (
    select from ${totpFactors} where ${totpFactors.memberId} = ${members.id} and ${totpFactors.confirmedAt} is not null)`,
  // One that may have been copied counts too: it proves nothing, and its owner is not let in with less (F5).
  hasPasskey: sql<boolean>`exists (select from ${passkeys} where ${passkeys.memberId} = ${members.id})`,
  groupRequiresFrom: securityGroups.secondFactorFrom,
  memberRequires: members.enrolmentRequired,
};

/** The second factors of these people and who wants one of them, in one statement for any number. */
export async function readFactors(
  db: TenantDb,
  memberIds: readonly string[],
): Promise<(memberId: string) => FactorFacts> {
  const rows = await db
    .select({ id: members.id, ...FACTOR_COLUMNS })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(sql`${members.id} = any(${sql.param([...memberIds])}::uuid[])`);
  const facts = new Map(rows.map((row) => [row.id, factsOf(row)]));
  return (memberId) => facts.get(memberId) ?? NO_FACTORS;
}

export async function readFactorsOf(db: TenantDb, memberId: string): Promise<FactorFacts> {
  return (await readFactors(db, [memberId]))(memberId);
}

type FactorRow = Omit<FactorFacts, "enrolled"> & { hasTotp: boolean; hasPasskey: boolean };

export function factsOf({ hasTotp, hasPasskey, groupRequiresFrom, memberRequires }: FactorRow): FactorFacts {
  return {
    enrolled: [...(hasTotp ? ["totp" as const] : []), ...(hasPasskey ? ["passkey" as const] : [])],
    groupRequiresFrom,
    memberRequires,
  };
}
