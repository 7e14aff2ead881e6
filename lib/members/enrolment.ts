import { and, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { factorResets, passkeys, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { EnrolmentState } from "#lib/policy/enrolment.ts";
import { isSecondFactorRequired, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";

/** Who stands there with second factors at this moment, as a condition of a list: what `enrolmentOf` says of each. */
export async function enrolmentIs(
  db: TenantDb,
  { now }: RunContext,
  state: EnrolmentState | undefined,
): Promise<SQL | undefined> {
  if (state === undefined) return undefined;
  if (state === "held") return HELD;
  const [app, passkey] = HAS[state];
  const factors = and(sql`not ${HELD}`, app ? APP : sql`not ${APP}`, passkey ? PASSKEY : sql`not ${PASSKEY}`);
  if (app || passkey) return factors;
  const { options } = await readSecurityOptions(db);
  const missing = isSecondFactorRequired(NO_FACTORS, options, now)
    ? NATIVE
    : sql`(${NATIVE} and (${members.enrolmentRequired} or ${IN_GROUP_THAT_REQUIRES}))`;
  return and(factors, state === "missing" ? missing : sql`not ${missing}`);
}

/** Which states have an app, and which a passkey. */
const HAS: Record<Exclude<EnrolmentState, "held">, [app: boolean, passkey: boolean]> = {
  none: [false, false],
  missing: [false, false],
  totp: [true, false],
  passkey: [false, true],
  both: [true, true],
};

const HELD = sql`(${members.id} in (
  select ${factorResets.memberId} from ${factorResets} where ${factorResets.status} = 'held'))`;

const APP = sql`(${members.id} in (
  select ${totpFactors.memberId} from ${totpFactors} where ${totpFactors.confirmedAt} is not null))`;

const PASSKEY = sql`(${members.id} in (select ${passkeys.memberId} from ${passkeys}))`;

const NATIVE = sql`(${members.connectionId} is null)`;

const IN_GROUP_THAT_REQUIRES = sql`(${members.securityGroupId} in (
  select ${securityGroups.id} from ${securityGroups} where ${securityGroups.secondFactorFrom} <= portal_now()))`;
