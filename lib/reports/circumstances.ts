import { type SQL, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { members, passwordCredentials, signInFailures } from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { AccessFacts, MailedSecret } from "#lib/policy/access-state.ts";
import type { PlaceFailures } from "#lib/policy/lock.ts";
import { RECOMMENDED } from "#lib/policy/security-options.ts";

/** What is known of somebody's access beside the account itself. */
export type Circumstances = Pick<AccessFacts, "failures" | "invitation" | "temporary" | "mailedLongAgo">;

/** Of the firm, once for a statement: places with fewer wrong passwords lock nobody out. */
const LOCK_AFTER = sql`(select coalesce(
  (current_policy() -> 'options' ->> 'lockAfter')::integer, ${sql.raw(String(RECOMMENDED.lockAfter))}))`;

const FAILURES = sql<PlaceFailures[] | null>`(
  select jsonb_agg(jsonb_build_object('place', ${signInFailures.place}, 'failures', ${signInFailures.failures}))
    from ${signInFailures}
   where ${signInFailures.memberId} = ${members.id} and ${signInFailures.failures} >= ${LOCK_AFTER})`;

const OF_INVITATIONS = sql`${oneTimeSecrets.memberId} = ${members.id}
  and ${oneTimeSecrets.purpose} in ('invitation', 'temporary_password')`;

/** By purpose the newest: a newer one ends those before it, and the last of one key is what an object keeps. */
const MAILED = sql<Partial<Record<"invitation" | "temporary_password", StoredSecret>> | null>`(
  select jsonb_object_agg(${oneTimeSecrets.purpose}, jsonb_build_object(
           'mailedAt', ${oneTimeSecrets.createdAt}, 'expiresAt', ${oneTimeSecrets.expiresAt},
           'ended', ${oneTimeSecrets.endedReason},
           'toPresentAddress', ${oneTimeSecrets.sentToKey} is not distinct from ${members.emailKey})
         order by ${oneTimeSecrets.createdAt}, ${oneTimeSecrets.endedAt} nulls last)
    from ${oneTimeSecrets} where ${OF_INVITATIONS})`;

/**
 * Rows of secrets are cleared away in time; the audit log forgets nobody who was invited. Not by "exists", for which
 * PostgreSQL may read the secrets of the whole firm.
 */
const MAILED_LONG_AGO = sql<string | null>`case
  when ${passwordCredentials.memberId} is null and (
    select true from ${oneTimeSecrets} where ${OF_INVITATIONS} limit 1) is null
  then (select max(${auditEvents.createdAt}) from ${auditEvents}
         where ${auditEvents.targetId} = ${members.id} and ${auditEvents.event} = 'secret.minted'
           and ${auditEvents.detail} ->> 'purpose' in ('invitation', 'temporary_password')) end`;

/** The circumstances where `members` and, where there is one, their `password_credentials` are read anyway. */
export const CIRCUMSTANCES: SQL<StoredCircumstances> = sql`jsonb_build_object(
  'failures', ${FAILURES}, 'mailed', ${MAILED}, 'longAgo', ${MAILED_LONG_AGO})`;

type StoredSecret = {
  mailedAt: string;
  expiresAt: string;
  ended: NonNullable<MailedSecret["ended"]> | null;
  toPresentAddress: boolean;
};

export type StoredCircumstances = {
  failures: PlaceFailures[] | null;
  mailed: Partial<Record<"invitation" | "temporary_password", StoredSecret>> | null;
  longAgo: string | null;
};

export function circumstancesIn({ failures, mailed, longAgo }: StoredCircumstances): Circumstances {
  return {
    failures: failures ?? [],
    invitation: mailed?.invitation && secretIn(mailed.invitation),
    temporary: mailed?.temporary_password && secretIn(mailed.temporary_password),
    mailedLongAgo: longAgo === null ? undefined : new Date(longAgo),
  };
}

function secretIn({ mailedAt, expiresAt, ended, toPresentAddress }: StoredSecret) {
  const times = { mailedAt: new Date(mailedAt), expiresAt: new Date(expiresAt) };
  return { ...times, ended: ended ?? undefined, toPresentAddress };
}
