import { and, inArray, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { factorResets } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { FACTOR_COLUMNS } from "#lib/auth/mfa/read-factors.ts";
import type { RunContext } from "#lib/core/command.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import type { EnrolmentState } from "#lib/policy/enrolment.ts";
import { isSecondFactorRequired, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";

/**
 * Who stands there with second factors at this moment, as a condition of a list: what `enrolmentOf` says of each. Planned for
 * those groups that want one: whether they have many people or none is what a list is best read by.
 */
export async function enrolmentIs(
  db: TenantDb,
  { now }: RunContext,
  state: EnrolmentState | undefined,
): Promise<SQL | undefined> {
  if (state === undefined) return undefined;
  await planAnew(db);
  if (state === "held") return HELD;
  const [app, passkey] = HAS[state];
  const factors = and(sql`not ${HELD}`, app ? APP : sql`not ${APP}`, passkey ? PASSKEY : sql`not ${PASSKEY}`);
  if (app || passkey) return factors;
  const missing = await mustHaveOne(db, now);
  return and(factors, state === "missing" ? missing : sql`not ${missing}`);
}

type Wanting = { policy: StoredPolicy; groups: string[] };

/** Of whom the firm, their group or an administrator wants a second factor now. */
async function mustHaveOne(db: TenantDb, now: Date): Promise<SQL> {
  const wanted = db
    .select({ id: securityGroups.id })
    .from(securityGroups)
    .where(sql`${securityGroups.secondFactorFrom} <= portal_now()`);
  const [row] = await db.execute<Wanting>(sql`select current_policy() as policy, array(${wanted}) as groups`);
  if (isSecondFactorRequired(NO_FACTORS, policyOf(row?.policy).options, now)) return NATIVE;
  const groups = row?.groups ?? [];
  const inGroup = groups.length > 0 ? inArray(members.securityGroupId, groups) : sql`false`;
  return sql`(${NATIVE} and (${members.enrolmentRequired} or ${inGroup}))`;
}

/** Which states have an app, and which a passkey. */
const HAS: Record<Exclude<EnrolmentState, "held">, [app: boolean, passkey: boolean]> = {
  none: [false, false],
  missing: [false, false],
  totp: [true, false],
  passkey: [false, true],
  both: [true, true],
};

const HELD = sql`exists (
  select from ${factorResets} where ${factorResets.memberId} = ${members.id} and ${factorResets.status} = 'held')`;

const { hasTotp: APP, hasPasskey: PASSKEY } = FACTOR_COLUMNS;

const NATIVE = sql`(${members.connectionId} is null)`;
