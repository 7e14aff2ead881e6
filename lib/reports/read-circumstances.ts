import { type AnyColumn, and, asc, eq, gte, inArray, max, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { signInFailures } from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AccessFacts } from "#lib/policy/access-state.ts";
import type { PlaceFailures } from "#lib/policy/lock.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";

/** What is known of somebody's access beside the account itself. */
export type Circumstances = Pick<AccessFacts, "failures" | "invitation" | "temporary" | "mailedLongAgo">;

type Person = { id: string; emailKey: string | null; hasPassword: boolean };

/** The circumstances of these people, in as many statements for a thousand as for one. */
export async function readCircumstances(
  db: TenantDb,
  { options }: SecurityPolicy,
  people: readonly Person[],
): Promise<(id: string) => Circumstances> {
  const ids = people.map(({ id }) => id);
  const failures = await failuresOf(db, ids, options.lockAfter);
  const mailed = await mailedTo(db, people);
  const without = people.filter(({ id, hasPassword }) => !hasPassword && !mailed.has(id));
  const longAgo = await mailedLongAgo(
    db,
    without.map(({ id }) => id),
  );
  return (id) => ({
    failures: failures.get(id) ?? [],
    invitation: mailed.get(id)?.invitation,
    temporary: mailed.get(id)?.temporary_password,
    mailedLongAgo: longAgo.get(id),
  });
}

/** Places with fewer wrong passwords lock nobody out. */
async function failuresOf(db: TenantDb, ids: string[], lockAfter: number) {
  const rows = await db
    .select({
      memberId: signInFailures.memberId,
      place: signInFailures.place,
      failures: signInFailures.failures,
    })
    .from(signInFailures)
    .where(and(isOneOf(signInFailures.memberId, ids), gte(signInFailures.failures, lockAfter)));
  const failures = new Map<string, PlaceFailures[]>();
  for (const { memberId, ...place } of rows) {
    failures.set(memberId, [...(failures.get(memberId) ?? []), place]);
  }
  return failures;
}

type Purpose = "invitation" | "temporary_password";

type Mailed = Partial<Record<Purpose, NonNullable<Circumstances["invitation"]>>>;

/** The newest invitation and the newest temporary password of each; a newer one ends those before it. */
async function mailedTo(db: TenantDb, people: readonly Person[]): Promise<Map<string, Mailed>> {
  const addresses = new Map(people.map(({ id, emailKey }) => [id, emailKey]));
  const rows = await db
    .select({
      memberId: oneTimeSecrets.memberId,
      purpose: oneTimeSecrets.purpose,
      mailedAt: oneTimeSecrets.createdAt,
      expiresAt: oneTimeSecrets.expiresAt,
      ended: oneTimeSecrets.endedReason,
      sentToKey: oneTimeSecrets.sentToKey,
    })
    .from(oneTimeSecrets)
    .where(
      and(
        isOneOf(oneTimeSecrets.memberId, [...addresses.keys()]),
        inArray(oneTimeSecrets.purpose, ["invitation", "temporary_password"]),
      ),
    )
    .orderBy(asc(oneTimeSecrets.createdAt), sql`${oneTimeSecrets.endedAt} asc nulls last`);
  const mailed = new Map<string, Mailed>();
  for (const { memberId, purpose, mailedAt, expiresAt, ended, sentToKey } of rows) {
    const toPresentAddress = sentToKey === addresses.get(memberId);
    const secret = { mailedAt, expiresAt, ended: ended ?? undefined, toPresentAddress };
    // A newer one takes the place of those before it.
    mailed.set(memberId, { ...mailed.get(memberId), [purpose]: secret });
  }
  return mailed;
}

/** Rows of secrets are cleared away in time; the audit log forgets nobody who was invited. */
async function mailedLongAgo(db: TenantDb, ids: string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ memberId: auditEvents.targetId, at: max(auditEvents.createdAt) })
    .from(auditEvents)
    .where(
      and(
        isOneOf(auditEvents.targetId, ids),
        eq(auditEvents.event, "secret.minted"),
        sql`${auditEvents.detail} ->> 'purpose' in ('invitation', 'temporary_password')`,
      ),
    )
    .groupBy(auditEvents.targetId);
  return new Map(rows.flatMap(({ memberId, at }) => (memberId && at ? [[memberId, at]] : [])));
}

/** As one parameter: a thousand of them would be read and planned one by one. */
function isOneOf(column: AnyColumn, ids: string[]) {
  return sql`${column} = any(${sql.param(ids)}::uuid[])`;
}
