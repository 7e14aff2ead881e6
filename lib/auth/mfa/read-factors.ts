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

/** A member's second factors, and who wants one of them. */
export async function readFactorsOf(db: TenantDb, memberId: string): Promise<FactorFacts> {
  const [row] = await db
    .select(FACTOR_COLUMNS)
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(eq(members.id, memberId));
  return row ? factsOf(row) : NO_FACTORS;
}

type FactorRow = Omit<FactorFacts, "enrolled"> & { hasTotp: boolean; hasPasskey: boolean };

export function factsOf({ hasTotp, hasPasskey, groupRequiresFrom, memberRequires }: FactorRow): FactorFacts {
  return {
    enrolled: [...(hasTotp ? ["totp" as const] : []), ...(hasPasskey ? ["passkey" as const] : [])],
    groupRequiresFrom,
    memberRequires,
  };
}
