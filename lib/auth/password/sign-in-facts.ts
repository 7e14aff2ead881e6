import { sql } from "drizzle-orm";
import { fromJsonRow } from "#db/json-row.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type Attempt, placeIn } from "#lib/auth/lock/attempts.ts";
import { factsOf } from "#lib/auth/mfa/read-factors.ts";
import { temporaryHashes } from "#lib/auth/tokens/temporary-password.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { allowancesAsArrays, type RateLimit } from "#lib/core/rate-limit.ts";
import { identifierKey } from "#lib/members/identifier.ts";
import { EVERYWHERE } from "#lib/policy/lock.ts";
import { AT_ONCE, BURST_WITHIN, type RiskFacts } from "#lib/policy/risk.ts";
import { type FactorFacts, NO_FACTORS } from "#lib/policy/second-factor.ts";
import { LOCK_ACCOUNT_AFTER, RECOMMENDED } from "#lib/policy/security-options.ts";
import { policyOf, type StoredPolicy } from "#lib/settings/read-security-options.ts";
import { credentialOf } from "./password-credentials.ts";

/** Asked for where there is no member, so that the work is the same. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** What a password is proven with. `memberId` is undefined for an unknown name, `allowed` false over an allowance. */
export type Begun = {
  memberId: string | undefined;
  allowed: boolean;
  attempt: Attempt;
  lateFailures: number;
  hash: string | undefined;
};

type BegunRow = {
  member_id: string;
  device_id: string | null;
  allowed: boolean;
  attempt_on: string;
  attempt_allowed: boolean;
  late_failures: number;
  hash: string | null;
};

/** Looks a typed name up, and takes the allowances and a try, in one statement. The last allowance is the firm's. */
export async function beginSignIn(
  db: TenantDb,
  ctx: Context,
  identifier: string,
  limits: RateLimit[],
): Promise<Begun> {
  const key = identifierKey(identifier) ?? "";
  const device = sha256(ctx.origin.device ?? "");
  const unknownPlace = placeIn(ctx, undefined).name;
  const [row] = await db.execute<BegunRow>(sql`
    select * from begin_sign_in(
      ${key}, ${device}, ${unknownPlace}, ${allowancesAsArrays(limits)},
      ${RECOMMENDED.lockAfter}::integer, ${LOCK_ACCOUNT_AFTER}::integer, ${EVERYWHERE},
      ${BURST_WITHIN / SECOND}::double precision)`);
  if (!row) throw new Error("The database began no sign-in.");
  const tried = { memberId: row.attempt_on, allowed: row.attempt_allowed };
  return {
    memberId: row.member_id === NOBODY ? undefined : row.member_id,
    allowed: row.allowed,
    attempt: { ...placeIn(ctx, row.device_id), ...tried },
    lateFailures: row.late_failures,
    hash: row.hash ?? undefined,
  };
}

type JsonRow = Record<string, unknown>;

type Locked = {
  member: JsonRow | null;
  credential: JsonRow | null;
  temporary: "temporary" | "temporary_over" | null;
  policy: StoredPolicy;
  hasTotp: boolean;
  hasPasskey: boolean;
  groupRequiresFrom: string | null;
  sightings: { source: string; userAgent: string; at: string }[];
  isTrusted: boolean;
  isKnownHere: boolean;
};

export type LockedFacts = Awaited<ReturnType<typeof lockSignIn>>;

/**
 * Locks the member and gives all that is true now: between proof and decision a reset may have ended the password. A
 * mailed temporary password is used up by being typed, whatever else stands in the way: of any number of parallel sign-ins
 * one wins (REL5).
 */
export async function lockSignIn(
  db: TenantDb,
  ctx: RunContext,
  { memberId, attempt }: Pick<Begun, "memberId" | "attempt">,
  password: string,
) {
  const id = memberId ?? NOBODY;
  const temporary = sql.param(temporaryHashes(id, password));
  const [row] = await db.execute<{ facts: Locked }>(sql`
    select lock_sign_in(
      ${id}::uuid, ${temporary}::text[], ${deviceOf(ctx, attempt) ?? NOBODY}::uuid, ${sha256(ctx.origin.device ?? "")},
      ${AT_ONCE / SECOND}::double precision) as facts`);
  if (!row) throw new Error("The database gave no facts.");
  const { facts } = row;
  const member = facts.member ? fromJsonRow(members, facts.member) : undefined;
  return {
    member,
    credential: facts.credential
      ? credentialOf(fromJsonRow(passwordCredentials, facts.credential))
      : undefined,
    temporary: facts.temporary ?? undefined,
    policy: policyOf(facts.policy),
    secondFactor: factorsIn(facts, member?.enrolmentRequired),
    elsewhere: facts.sightings.map((seen) => ({ ...seen, at: new Date(seen.at) })) as RiskFacts["elsewhere"],
    isTrusted: facts.isTrusted,
    isKnownHere: facts.isKnownHere,
  };
}

function factorsIn(facts: Locked, memberRequires: boolean | undefined): FactorFacts {
  if (memberRequires === undefined) return NO_FACTORS;
  const { hasTotp, hasPasskey, groupRequiresFrom: from } = facts;
  return factsOf({
    hasTotp,
    hasPasskey,
    groupRequiresFrom: from === null ? null : new Date(from),
    memberRequires,
  });
}

/** The browser whose word may be taken that a second factor was proven in it lately. A program is no browser. */
function deviceOf(ctx: Context, { name, known }: Attempt): string | undefined {
  return known && !ctx.origin.program ? name.slice(name.indexOf(":") + 1) : undefined;
}
