import { and, asc, eq, exists, gt, gte, isNull, lte, sql } from "drizzle-orm";
import { knownDevices, members, passwordCredentials, signInFailures } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { readFactors } from "#lib/auth/mfa/read-factors.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { EVERYWHERE, type PlaceFailures } from "#lib/policy/lock.ts";
import type { FactorFacts } from "#lib/policy/second-factor.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { CHANGE_REASONS } from "#lib/policy/session.ts";
import {
  type Burden,
  type Effect,
  effectOn,
  expirySinceAfter,
  momentsOf,
  type Person,
} from "#lib/policy/simulate.ts";
import { SecurityOptionsInput } from "./input.ts";
import { readSecurityOptions } from "./read-security-options.ts";

type Named = { name: string; kind: "staff" | "contact" };

export type AffectedPerson = Named & { meanings: readonly Burden[] };

export type Simulation = {
  /** Who has to act at the next sign-in because of the change, and would not have had to without it. */
  total: number;
  /** Of these, who has to set up a second factor. */
  enrolling: number;
  /** From when they have to, where that lies ahead: what else holds by then is left out. */
  enrollingFrom: Date | undefined;
  /** Who is asked for the second factor again in a browser that is remembered now. */
  confirming: number;
  /** Who has to change the password. */
  changing: number;
  /** Whom it would lock out until a reset. */
  locked: number;
  /** All whom a password lets in, or will once they have one. */
  outOf: number;
  /** Who has to act now, and would not have to any more. */
  relieved: number;
  /** The first of the affected by name; of people whom the caller may not see, none. */
  people: AffectedPerson[];
};

/** As many names as somebody reads through, and as a form can carry. */
const NAMED = 100;

/** So many accounts at a time: a firm of 20,000 costs a dozen statements. */
const AT_A_TIME = 5000;

/** What saving these options would ask of whom, were they all to sign in now (C1, UX47). */
export const simulateSecurityOptions = query({
  event: "security_options.simulated",
  permission: "settings:manage",
  async run({ db, ctx }, proposed: unknown): Promise<Simulation> {
    const options = parse(SecurityOptionsInput, proposed);
    const before = await readSecurityOptions(db);
    const after = { options, expirySince: expirySinceAfter(before, options, ctx.now) };
    const moments = momentsOf(options, ctx.now);
    const tally: Tally = { outOf: 0, relieved: 0, affected: [] };
    for await (const { person, ...named } of everybody(db, ctx.now)) {
      count(tally, named, effectOn(person, before, after, moments));
    }
    const { affected, ...numbers } = tally;
    const enrollingFrom = moments.enrolment > ctx.now ? moments.enrolment : undefined;
    return { ...numbers, ...numbersOf(affected), enrollingFrom, people: firstVisible(ctx, affected) };
  },
});

function numbersOf(affected: AffectedPerson[]) {
  const number = (...burdens: Burden[]) =>
    affected.filter(({ meanings }) => burdens.some((burden) => meanings.includes(burden))).length;
  return {
    total: affected.length,
    enrolling: number("enroll_second_factor"),
    confirming: number("second_factor"),
    changing: number(...CHANGE_REASONS),
    locked: number("locked"),
  };
}

type Tally = { outOf: number; relieved: number; affected: AffectedPerson[] };

function count(tally: Tally, named: Named, effect: Effect): void {
  if (effect === "exempt") return;
  tally.outOf += 1;
  if (effect === "relieved") tally.relieved += 1;
  else if (effect !== "none") tally.affected.push({ ...named, meanings: effect.newly });
}

function firstVisible(ctx: Context, affected: AffectedPerson[]): AffectedPerson[] {
  const seen = {
    staff: hasPermission(ctx, "members:read"),
    contact: hasPermission(ctx, "clients:read"),
  };
  const byName = new Intl.Collator("en").compare;
  return affected
    .filter(({ kind }) => seen[kind])
    .sort((one, other) => byName(one.name, other.name))
    .slice(0, NAMED);
}

/** Before the first id there is. */
const START = "00000000-0000-0000-0000-000000000000";

async function* everybody(db: TenantDb, now: Date): AsyncGenerator<Named & { person: Person }> {
  for (let last: string | undefined = START; last; ) {
    const rows = await accountsAfter(db, now, last);
    const failures = await failuresOf(db, rows);
    const factors = await readFactors(
      db,
      rows.map(({ id }) => id),
    );
    for (const row of rows) {
      const { name, kind, remembered } = row;
      const account = accountOf(row, factors(row.id));
      yield { name, kind, person: { account, remembered, failures: failures.get(row.id) ?? [] } };
    }
    last = rows.length < AT_A_TIME ? undefined : rows.at(-1)?.id;
  }
}

function accountsAfter(db: TenantDb, now: Date, id: string) {
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
    })
    .from(members)
    .leftJoin(passwordCredentials, eq(passwordCredentials.memberId, members.id))
    .where(and(gt(members.id, id), isNull(members.deletedAt)))
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

function accountOf(row: AccountRow, secondFactor: FactorFacts): Person["account"] {
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
    credential: row.hasPassword ? credential : undefined,
    secondFactor,
  };
}
