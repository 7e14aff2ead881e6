import { and, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { factorResets } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { FACTOR_COLUMNS } from "#lib/auth/mfa/read-factors.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { EnrolmentState } from "#lib/policy/enrolment.ts";
import { isSecondFactorRequired, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";

/** Who stands there with second factors at this moment, as a condition of a list: what `enrolmentOf` says of each. */
export async function enrolmentIs(
  db: TenantDb,
  { now }: RunContext,
  state: EnrolmentState | undefined,
): Promise<SQL | undefined> {
  if (state === undefined) return undefined;
  if (state === "held") return HELD;
  if (state === "none" || state === "missing") {
    const must = await mustHaveOne(db, now);
    return and(sql`not ${HELD}`, HAS_NONE, state === "missing" ? must : sql`not ${must}`);
  }
  const [app, passkey] = HAS[state];
  return and(sql`not ${HELD}`, app ? APP : sql`not ${APP}`, passkey ? PASSKEY : sql`not ${PASSKEY}`);
}

type Requirement = { policy: StoredPolicy; groups: string[] };

/**
 * Of whom the firm, their group or an administrator wants a second factor now. With the groups by their ids: a statement that
 * is planned anew is planned for how many people they have.
 */
async function mustHaveOne(db: TenantDb, now: Date): Promise<SQL> {
  const requiring = db
    .select({ id: securityGroups.id })
    .from(securityGroups)
    .where(sql`${securityGroups.secondFactorFrom} <= portal_now()`);
  const [row] = await db.execute<Requirement>(
    sql`select current_policy() as policy, array(${requiring}) as groups`,
  );
  if (isSecondFactorRequired(NO_FACTORS, policyOf(row?.policy).options, now)) return NATIVE;
  const inGroup = sql`${members.securityGroupId} = any(${sql.param(row?.groups ?? [])}::uuid[])`;
  return sql`(${NATIVE} and (${members.enrolmentRequired} or ${inGroup}))`;
}

const HAS: Record<Exclude<EnrolmentState, "held" | "none" | "missing">, [app: boolean, passkey: boolean]> = {
  totp: [true, false],
  passkey: [false, true],
  both: [true, true],
};

const HELD = sql`exists (
  select from ${factorResets} where ${factorResets.memberId} = ${members.id} and ${factorResets.status} = 'held')`;

const { hasTotp: APP, hasPasskey: PASSKEY } = FACTOR_COLUMNS;

/**
 * Whoever is marked has one; whoever is not may have had it before there was a mark, and is looked at: not by "exists", for
 * which PostgreSQL may read the factors of the whole firm.
 */
const HAS_NONE = sql`(not ${members.hasFactor}
  and not coalesce((select true where ${APP}), false) and not coalesce((select true where ${PASSKEY}), false))`;

const NATIVE = sql`(${members.connectionId} is null)`;
