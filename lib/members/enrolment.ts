import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { factorResets, passkeys, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { readFactors } from "#lib/auth/mfa/read-factors.ts";
import type { RunContext } from "#lib/core/command.ts";
import { type Enrolment, type EnrolmentState, enrolmentOf } from "#lib/policy/enrolment.ts";
import { isSecondFactorRequired, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { Member } from "./find-member.ts";

/** Where these people stand with second factors, in as many statements for a hundred as for one. */
export async function enrolmentOfMembers(
  db: TenantDb,
  { now }: RunContext,
  people: Member[],
): Promise<(memberId: string) => Enrolment> {
  const { options } = await readSecurityOptions(db);
  const ids = people.map(({ id }) => id);
  const factors = await readFactors(db, ids);
  const holds = await holdsOf(db, ids);
  const federated = new Set(people.filter(({ connectionId }) => connectionId).map(({ id }) => id));
  return (id) => {
    const facts = { ...factors(id), federated: federated.has(id), heldUntil: holds.get(id) };
    return enrolmentOf(facts, options, now);
  };
}

async function holdsOf(db: TenantDb, ids: string[]): Promise<Map<string, Date | undefined>> {
  const rows = await db
    .select({ id: factorResets.memberId, until: factorResets.heldUntil })
    .from(factorResets)
    .where(and(eq(factorResets.status, "held"), inArray(factorResets.memberId, ids)));
  return new Map(rows.map(({ id, until }) => [id, until ?? undefined]));
}

/** The same as a condition of a list: who stands there at this moment. */
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
