import { type AnyColumn, eq, exists, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { passkeys, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type FactorFacts, NO_FACTORS } from "#lib/policy/second-factor.ts";

/** The second factors of these people and who wants one of them, in one statement for any number. */
export async function readFactors(
  db: TenantDb,
  memberIds: readonly string[],
): Promise<(memberId: string) => FactorFacts> {
  const rows = await db
    .select({
      id: members.id,
      hasTotp: exists(
        db
          .select({ id: totpFactors.id })
          .from(totpFactors)
          .where(sql`${of(totpFactors.memberId)} and ${totpFactors.confirmedAt} is not null`),
      ).mapWith(Boolean),
      // One that may have been copied counts too: it proves nothing, and its owner is not let in with less (F5).
      hasPasskey: exists(db.select({ id: passkeys.id }).from(passkeys).where(of(passkeys.memberId))).mapWith(
        Boolean,
      ),
      groupRequiresFrom: securityGroups.secondFactorFrom,
      memberRequires: members.enrolmentRequired,
    })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .where(sql`${members.id} = any(${sql.param([...memberIds])}::uuid[])`);
  const facts = new Map(rows.map(({ id, ...row }) => [id, factsOf(row)]));
  return (memberId) => facts.get(memberId) ?? NO_FACTORS;
}

export async function readFactorsOf(db: TenantDb, memberId: string): Promise<FactorFacts> {
  return (await readFactors(db, [memberId]))(memberId);
}

const of = (column: AnyColumn) => sql`${column} = ${members.id}`;

type Row = {
  hasTotp: boolean;
  hasPasskey: boolean;
  groupRequiresFrom: Date | null;
  memberRequires: boolean;
};

function factsOf({ hasTotp, hasPasskey, ...wanted }: Row): FactorFacts {
  return {
    enrolled: [...(hasTotp ? ["totp" as const] : []), ...(hasPasskey ? ["passkey" as const] : [])],
    ...wanted,
  };
}
