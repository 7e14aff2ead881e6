import { type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { knownDevices, members, passwordCredentials, signInFailures } from "#db/schema/members.ts";
import { passkeys, totpFactors } from "#db/schema/second-factors.ts";
import type { TenantDb } from "#db/tenant.ts";
import { factsOf } from "#lib/auth/mfa/read-factors.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { oldestGood } from "#lib/policy/expiry.ts";
import { EVERYWHERE, type PlaceFailures } from "#lib/policy/lock.ts";
import { LOCK_ACCOUNT_AFTER, type PasswordRules } from "#lib/policy/security-options.ts";
import type { PolicyFacts } from "#lib/policy/sign-in.ts";
import type { Person } from "#lib/policy/simulate.ts";
import { ssoRequiredFrom } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "./read-security-options.ts";

export type Named = { name: string; kind: "staff" | "contact" };

/** Of those who are alike at most so many are named. */
export const NAMED = 100;

/** People whom every one of the policies finds in the same situation. `person` stands for each; the first are named. */
export type Alike = { kind: Named["kind"]; number: number; names: string[]; person: Person };

type Wish = {
  now: Date;
  /** What they will be judged by: passwords are told apart by nothing but which of these find them too old. */
  policies: readonly PolicyFacts[];
  /** Of one group alone. */
  groupId?: string;
  /** So many accounts by one statement: of a million none takes long. */
  atATime?: number;
};

const AT_A_TIME = 50_000;

const [FIRST, LAST] = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];

/**
 * Everybody of a firm, or of one of its groups, as their next sign-in will find them: those together who are alike, so that a
 * million people come to a few hundred questions. Of those with passwords that are alike the oldest one stands for all.
 */
export async function* peopleToJudge(db: TenantDb, wish: Wish): AsyncGenerator<Alike> {
  await planAnew(db);
  // PostgreSQL knows not how few kinds there are, and would sort a part of the firm by all that tells them apart. Memory enough
  // to hash it instead.
  await db.execute(sql`select set_config('enable_sort', 'off', true), set_config('work_mem', '64MB', true)`);
  const policy = await readSecurityOptions(db);
  const requiredFrom = await requirementsOf(db);
  for (let last = FIRST; last !== LAST; ) {
    const upTo = await endOfPart(db, last, wish.atATime);
    for (const row of await alikeBetween(db, wish, { last, upTo })) yield alikeOf(row, policy, requiredFrom);
    last = upTo;
  }
}

type Requirements = Map<string, Date | null>;

/** From when each group needs a second factor. */
async function requirementsOf(db: TenantDb): Promise<Requirements> {
  const { id, secondFactorFrom } = securityGroups;
  const rows = await db.select({ id, secondFactorFrom }).from(securityGroups);
  return new Map(rows.map((row) => [row.id, row.secondFactorFrom]));
}

/** Parts of the firm, for one group as well: what people have is read of all who lie between. */
async function endOfPart(db: TenantDb, last: string, atATime = AT_A_TIME): Promise<string> {
  const [row] = await db.execute<{ id: string }>(sql`
    select ${members.id} from ${members} where ${members.id} > ${last}
     order by ${members.id} offset ${atATime - 1} limit 1`);
  return row?.id ?? LAST;
}

type Part = { last: string; upTo: string };

type AlikeRow = {
  kind: Named["kind"];
  status: "enabled" | "disabled";
  frozen: boolean;
  federated: boolean;
  mustChangePassword: boolean;
  memberRequires: boolean;
  groupId: string;
  hasPassword: boolean;
  acceptedUnder: PasswordRules | null;
  hasTotp: boolean;
  hasPasskey: boolean;
  remembered: boolean;
  together: number;
  worst: number;
  changedAt: string | null;
  temporaryUntil: string | null;
  number: number;
  names: string[];
};

/**
 * Those of one part of the firm. Not joined with their groups: PostgreSQL expects next to nobody of such a join, and looks for
 * everything else person by person.
 */
function alikeBetween(db: TenantDb, wish: Wish, part: Part) {
  const { now, groupId } = wish;
  const within = (column: SQL) => sql`${column} > ${part.last} and ${column} <= ${part.upTo}`;
  return db.execute<AlikeRow>(sql`
    select m.kind, m.status, m.frozen_at is not null as "frozen", m.connection_id is not null as "federated",
           m.must_change_password as "mustChangePassword", m.enrolment_required as "memberRequires",
           m.security_group_id as "groupId", c.member_id is not null as "hasPassword",
           c.accepted_under as "acceptedUnder", t.member_id is not null as "hasTotp",
           p.member_id is not null as "hasPasskey", d.member_id is not null as "remembered",
           coalesce(f.together, 0) as "together", coalesce(f.worst, 0) as "worst",
           min(c.changed_at) as "changedAt", min(c.temporary_until) as "temporaryUntil", count(*)::integer as "number",
           array(select one from unnest(array_agg(m.name)) one order by one limit ${NAMED}) as "names"
      from ${members} m
      left join ${passwordCredentials} c on c.member_id = m.id and ${within(sql`c.member_id`)}
      left join (select distinct member_id from ${totpFactors}
                  where confirmed_at is not null and ${within(sql`member_id`)}) t on t.member_id = m.id
      left join (select distinct member_id from ${passkeys} where ${within(sql`member_id`)}) p on p.member_id = m.id
      left join (select distinct member_id from ${knownDevices}
                  where trusted_until > ${timestamp(now)} and ${within(sql`member_id`)}) d on d.member_id = m.id
      left join (${failuresOf(wish, within)}) f on f.member_id = m.id
     where ${within(sql`m.id`)} and m.deleted_at is null
       and ${groupId === undefined ? sql`true` : sql`m.security_group_id = ${groupId}`}
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ${ageOf(wish)}, ${endOf(now)}`);
}

/**
 * The worst place of each account, and all its unknown places together: no other one decides whether it is locked. Beyond what
 * locks by each of the policies one count is like another, or strangers could make as many kinds of people as they please.
 */
function failuresOf({ policies }: Wish, within: (column: SQL) => SQL): SQL {
  const most = Math.max(...policies.map(({ options }) => options.lockAfter));
  return sql`
    select member_id, least(coalesce(max(failures) filter (where place = ${EVERYWHERE}), 0), ${LOCK_ACCOUNT_AFTER}::integer) as together,
           least(coalesce(max(failures) filter (where place <> ${EVERYWHERE}), 0), ${most}::integer) as worst
      from ${signInFailures} where ${within(sql`member_id`)} group by member_id`;
}

/** Between which of the moments a password was changed from which on the policies find one good, to the millisecond as they do. */
function ageOf({ policies, now }: Wish): SQL {
  const moments = policies.map(({ options }) => oldestGood(options, now) ?? now);
  const ascending = moments.toSorted((one, other) => one.getTime() - other.getTime()).map(timestamp);
  return sql`width_bucket(date_trunc('milliseconds', c.changed_at), array[${sql.join(ascending, sql`, `)}])`;
}

const endOf = (now: Date) => sql`date_trunc('milliseconds', c.temporary_until) > ${timestamp(now)}`;

const timestamp = (at: Date) => sql`${at.toISOString()}::timestamptz`;

function alikeOf(row: AlikeRow, policy: SecurityPolicy, requiredFrom: Requirements): Alike {
  const { kind, status, frozen, federated, mustChangePassword, remembered, number, names } = row;
  const { hasTotp, hasPasskey, memberRequires } = row;
  const groupRequiresFrom = requiredFrom.get(row.groupId) ?? null;
  const account = {
    ...{ status, frozen, federated, mustChangePassword },
    ssoRequiredFrom: ssoRequiredFrom(policy.enforcement, { kind, federated }),
    credential: row.hasPassword ? credentialOf(row) : undefined,
    secondFactor: factsOf({ hasTotp, hasPasskey, memberRequires, groupRequiresFrom }),
  };
  return { kind, number, names, person: { account, remembered, failures: placesOf(row) } };
}

function credentialOf({ changedAt, temporaryUntil, acceptedUnder }: AlikeRow) {
  return {
    changedAt: momentOf(changedAt),
    temporaryUntil: momentOf(temporaryUntil) ?? undefined,
    acceptedUnder: acceptedUnder ?? undefined,
  };
}

const momentOf = (stored: string | null) => (stored === null ? null : new Date(stored));

const placesOf = ({ together, worst }: AlikeRow): PlaceFailures[] => [
  { place: EVERYWHERE, failures: together },
  { place: "the worst", failures: worst },
];
