import { and, eq, gte, inArray } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import { passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { endRecoveryCodes } from "#lib/auth/mfa/recovery-codes.ts";
import { endArmedFor } from "#lib/auth/sso/break-glass/end-break-glass.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";

type Frozen = Pick<Member, "id" | "frozenAt">;

export type SuspectFactors = { hasApp: boolean; passkeys: { id: string; name: string; createdAt: Date }[] };

/** What a stranger may have added to a frozen account: every second factor since what its owner has reported. */
export async function findSuspectFactors(db: TenantDb, member: Frozen): Promise<SuspectFactors> {
  const suspect = await suspectOf(db, member);
  if (!suspect) return { hasApp: false, passkeys: [] };
  const apps = await db.select({ id: totpFactors.id }).from(totpFactors).where(suspect.apps);
  const { id, name, createdAt } = passkeys;
  const added = await db.select({ id, name, createdAt }).from(passkeys).where(suspect.passkeys);
  return { hasApp: apps.length > 0, passkeys: added };
}

/** Takes them away from a member, whose row is locked; the older ones stay. */
export async function takeSuspectFactors(db: TenantDb, ctx: RunContext, member: Frozen): Promise<void> {
  const { id, frozenAt } = member;
  if (frozenAt) await takeFactorsSince(db, ctx, id, await reportedSince(db, id, frozenAt));
}

/** Takes away what a member, whose row is locked, has added from then on. Recovery codes go with the last factor. */
export async function takeFactorsSince(
  db: TenantDb,
  ctx: RunContext,
  memberId: string,
  since: Date,
): Promise<void> {
  const added = addedSince(memberId, since);
  const apps = await db.delete(totpFactors).where(added.apps).returning({ id: totpFactors.id });
  const keys = await db.delete(passkeys).where(added.passkeys).returning({ id: passkeys.id });
  await endArmedFor(
    db,
    ctx,
    keys.map(({ id }) => id),
    "passkey_removed",
  );
  const codes = await db.delete(recoveryCodes).where(added.codes).returning({ id: recoveryCodes.id });
  const { enrolled } = await readFactorsOf(db, memberId);
  if (enrolled.length === 0) await endRecoveryCodes(db, memberId);
  if (apps.length + keys.length + codes.length === 0) return;
  const detail = { apps: apps.length, passkeys: keys.length, recoveryCodes: codes.length };
  await recordEvent(db, ctx, { event: "suspect_factors.taken", targetId: memberId, detail });
}

async function suspectOf(db: TenantDb, { id, frozenAt }: Frozen) {
  return frozenAt ? addedSince(id, await reportedSince(db, id, frozenAt)) : undefined;
}

function addedSince(memberId: string, since: Date) {
  return {
    apps: and(eq(totpFactors.memberId, memberId), gte(totpFactors.confirmedAt, since)),
    passkeys: and(eq(passkeys.memberId, memberId), gte(passkeys.createdAt, since)),
    codes: and(eq(recoveryCodes.memberId, memberId), gte(recoveryCodes.createdAt, since)),
  };
}

/**
 * Since when somebody else may have been in: the beginning of the session that a notice was about, or else the moment of
 * what it told. Of several notices that were answered, the earliest counts.
 */
async function reportedSince(db: TenantDb, memberId: string, frozenAt: Date): Promise<Date> {
  const { subjectId, createdAt, endedAt } = oneTimeSecrets;
  const answered = and(
    eq(oneTimeSecrets.memberId, memberId),
    eq(oneTimeSecrets.purpose, "freeze"),
    eq(oneTimeSecrets.endedReason, "consumed"),
    gte(endedAt, frozenAt),
  );
  const notices = await db.select({ subjectId, createdAt }).from(oneTimeSecrets).where(answered);
  const subjects = notices.map(({ subjectId: subject }) => subject).filter((subject) => subject !== null);
  const begun = new Map<string, Date>();
  for (const table of [outboxEmails, sessions]) {
    const isSubject = and(eq(table.memberId, memberId), inArray(table.id, subjects));
    const rows = await db.select({ id: table.id, at: table.createdAt }).from(table).where(isSubject);
    for (const { id, at } of rows) begun.set(id, at);
  }
  const moments = notices.map((notice) => begun.get(notice.subjectId ?? "") ?? notice.createdAt);
  return new Date(Math.min(...[frozenAt, ...moments].map(Number)));
}
