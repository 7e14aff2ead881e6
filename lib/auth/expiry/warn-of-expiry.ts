import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, ne, or, type SQL, sql } from "drizzle-orm";
import { members, passwordCredentials } from "#db/schema/members.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { after, DAY, HOUR } from "#lib/core/clock.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { daysLeft, dueWarning, expiresAt, WARN_DAYS } from "#lib/policy/expiry.ts";
import { isSsoRequired } from "#lib/policy/sso-enforcement.ts";
import { readSecurityOptions, type SecurityPolicy } from "#lib/settings/read-security-options.ts";
import { currentSystemContext } from "#lib/tenancy/system-context.ts";

/** People of one transaction. Their accounts are held while it lasts: a sign-in of theirs waits for it. */
const BATCH = 200;

/**
 * Mails the warnings that are due in a firm: at 14, 7 and 1 days before a password expires, once each, and after a
 * pause only the one that counts now (000-16, C6). Gives their number.
 */
export async function warnOfExpiry(tenantId: TenantId): Promise<number> {
  await withTenant(tenantId, forgetWarnings);
  let warned = 0;
  for (;;) {
    const batch = await withTenant(tenantId, warnSome);
    warned += batch.warned;
    if (batch.found < BATCH) return warned;
  }
}

/** What was warned of has been put off, by a change of the firm's options: the new end is warned of anew. */
async function forgetWarnings(db: TenantDb, now: Date): Promise<void> {
  const policy = await readSecurityOptions(db);
  if (policy.options.expiryDays === 0) return;
  const isFar = gt(endOf(policy), moment(after(now, WARN_DAYS[0] * DAY)));
  await db
    .update(passwordCredentials)
    .set({ warnedDays: null })
    .where(and(isNotNull(passwordCredentials.warnedDays), isFar));
}

async function warnSome(db: TenantDb, now: Date): Promise<{ found: number; warned: number }> {
  const policy = await readSecurityOptions(db);
  if (policy.options.expiryDays === 0) return { found: 0, warned: 0 };
  const found = (await findDue(db, now, policy)).map(({ id }) => id);
  await lockMembers(db, found);
  // Whoever has chosen a new password while this waited is not among them any more.
  const due = await findDue(db, now, policy, found);
  const ctx = await currentSystemContext(db);
  for (const person of due) {
    await enqueueEmail(db, {
      template: "password-expires",
      memberId: person.id,
      toAddress: person.emailKey ?? undefined,
      props: { days: daysLeft(person.at, now), at: person.at.toISOString() },
      bulk: true,
    });
    const detail = { days: person.days };
    await recordEvent(db, ctx, { event: "password.expiry_warned", targetId: person.id, detail });
  }
  await noteWarnings(db, due);
  return { found: found.length, warned: due.length };
}

type Due = { id: string; emailKey: string | null; at: Date; days: number };

/** Those whose next threshold has been reached, of all or of some. */
async function findDue(db: TenantDb, now: Date, policy: SecurityPolicy, among?: string[]): Promise<Due[]> {
  const rows = await db
    .select({ id: members.id, emailKey: members.emailKey, changedAt: passwordCredentials.changedAt })
    .from(passwordCredentials)
    .innerJoin(members, eq(members.id, passwordCredentials.memberId))
    .where(and(isWarnable(), mayUseIt(now, policy), isDue(now, policy), among && inArray(members.id, among)))
    .orderBy(asc(members.id))
    .limit(BATCH);
  return rows.flatMap(({ id, emailKey, changedAt }) => {
    const at = expiresAt(policy.options, { changedAt, expirySince: policy.expirySince });
    const days = dueWarning(at, now);
    return at && days ? [{ id, emailKey, at, days }] : [];
  });
}

/** Somebody with an address, whose account is open and has a password of its owner's choice. */
function isWarnable(): SQL | undefined {
  return and(
    eq(members.status, "enabled"),
    isNull(members.frozenAt),
    isNull(members.connectionId),
    isNotNull(members.emailKey),
    isNull(passwordCredentials.temporaryUntil),
  );
}

/** Whom SSO alone lets in has no use for a new password (G5). */
function mayUseIt(now: Date, { enforcement }: SecurityPolicy): SQL | undefined {
  if (!enforcement || !isSsoRequired(enforcement.enforcedFrom, now)) return undefined;
  return enforcement.scope === "staff" ? ne(members.kind, "staff") : sql`false`;
}

function isDue(now: Date, policy: SecurityPolicy): SQL | undefined {
  const end = endOf(policy);
  const { warnedDays } = passwordCredentials;
  const reached = WARN_DAYS.map((days) =>
    and(lte(end, moment(after(now, days * DAY))), or(isNull(warnedDays), gt(warnedDays, days))),
  );
  return and(gt(end, moment(now)), or(...reached));
}

/** `expiresAt` of lib/policy/expiry.ts, said to the database. */
function endOf({ options, expirySince }: SecurityPolicy): SQL {
  // Hours, since a day of the database's has 23 or 25 of them when clocks are changed.
  const hours = (options.expiryDays * DAY) / HOUR;
  const start = sql`coalesce(${passwordCredentials.changedAt}, ${moment(expirySince)})`;
  return sql`(${start} + make_interval(hours => ${hours}::integer))`;
}

function moment(at: Date | null): SQL {
  return sql`${at?.toISOString() ?? null}::timestamptz`;
}

/** In one order, so that two who lock several members never wait for each other. */
async function lockMembers(db: TenantDb, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const locked = db.select({ id: members.id }).from(members).where(inArray(members.id, ids));
  await locked.orderBy(asc(members.id)).for("no key update");
}

async function noteWarnings(db: TenantDb, due: Due[]): Promise<void> {
  for (const days of WARN_DAYS) {
    const warned = due.filter((person) => person.days === days).map(({ id }) => id);
    if (warned.length === 0) continue;
    await db
      .update(passwordCredentials)
      .set({ warnedDays: days })
      .where(inArray(passwordCredentials.memberId, warned));
  }
}
