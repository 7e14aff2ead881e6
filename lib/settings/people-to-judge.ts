import { and, asc, eq, exists, gt, gte, isNull, lte, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { knownDevices, members, passwordCredentials, signInFailures } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { FACTOR_COLUMNS, factsOf } from "#lib/auth/mfa/read-factors.ts";
import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { EVERYWHERE, type PlaceFailures } from "#lib/policy/lock.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import type { Person } from "#lib/policy/simulate.ts";
import { readSecurityOptions, type SecurityPolicy } from "./read-security-options.ts";

export type Named = { name: string; kind: "staff" | "contact" };

/** So many accounts at a time: a firm of 20,000 costs a dozen statements. */
const AT_A_TIME = 5000;

/** Before the first id there is. */
const START = "00000000-0000-0000-0000-000000000000";

/** Everybody of a firm, or of one of its groups, as their next sign-in will find them. */
export async function* peopleToJudge(
  db: TenantDb,
  now: Date,
  groupId?: string,
): AsyncGenerator<Named & { person: Person }> {
  const policy = await readSecurityOptions(db);
  for (let last: string | undefined = START; last; ) {
    const rows = await accountsAfter(db, now, { last, groupId });
    const failures = await failuresOf(db, rows);
    for (const row of rows) {
      const { name, kind, remembered } = row;
      yield {
        name,
        kind,
        person: { account: accountOf(row, policy), remembered, failures: failures.get(row.id) ?? [] },
      };
    }
    last = rows.length < AT_A_TIME ? undefined : rows.at(-1)?.id;
  }
}

type Wanted = { last: string; groupId: string | undefined };

function accountsAfter(db: TenantDb, now: Date, { last, groupId }: Wanted) {
  const remembering = db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(and(eq(knownDevices.memberId, members.id), gt(knownDevices.trustedUntil, now)));
  return db
    .select({
      id: members.id,
      name: members.name,
      kind: members.kind,
      status: members.status,
      frozenAt: members.frozenAt,
      connectionId: members.connectionId,
      mustChangePassword: members.mustChangePassword,
      hasPassword: sql<boolean>`${passwordCredentials.memberId} is not null`,
      changedAt: passwordCredentials.changedAt,
      temporaryUntil: passwordCredentials.temporaryUntil,
      acceptedUnder: passwordCredentials.acceptedUnder,
      remembered: exists(remembering).mapWith(Boolean),
      ...FACTOR_COLUMNS,
    })
    .from(members)
    .innerJoin(securityGroups, eq(securityGroups.id, members.securityGroupId))
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .where(
      and(
        gt(members.id, last),
        isNull(members.deletedAt),
        groupId === undefined ? undefined : eq(members.securityGroupId, groupId),
      ),
    )
    .orderBy(asc(members.id))
    .limit(AT_A_TIME);
}

type AccountRow = Awaited<ReturnType<typeof accountsAfter>>[number];

/** The worst place of each account, and all its unknown places together: no other one decides whether it is locked. */
async function failuresOf(db: TenantDb, rows: AccountRow[]): Promise<Map<string, PlaceFailures[]>> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return new Map();
  const worst = (comparison: "=" | "<>") =>
    sql<number>`coalesce(max(${signInFailures.failures}) filter (where ${signInFailures.place} ${sql.raw(comparison)} ${EVERYWHERE}), 0)`;
  const counts = await db
    .select({ id: signInFailures.memberId, together: worst("="), worst: worst("<>") })
    .from(signInFailures)
    .where(and(gte(signInFailures.memberId, first.id), lte(signInFailures.memberId, last.id)))
    .groupBy(signInFailures.memberId);
  return new Map(counts.map((row) => [row.id, placesOf(row)]));
}

const placesOf = ({ together, worst }: { together: number; worst: number }): PlaceFailures[] => [
  { place: EVERYWHERE, failures: together },
  { place: "the worst", failures: worst },
];

function accountOf(row: AccountRow, policy: SecurityPolicy): Person["account"] {
  const { status, mustChangePassword, changedAt, temporaryUntil, acceptedUnder } = row;
  const credential = {
    changedAt,
    temporaryUntil: temporaryUntil ?? undefined,
    acceptedUnder: (acceptedUnder as PasswordRules | null) ?? undefined,
  };
  return {
    status,
    mustChangePassword,
    frozen: row.frozenAt !== null,
    federated: row.connectionId !== null,
    ssoRequiredFrom: ssoRequiredFromOf(row, policy),
    credential: row.hasPassword ? credential : undefined,
    secondFactor: factsOf(row),
  };
}
