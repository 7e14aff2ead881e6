import { and, eq, gte, inArray } from "drizzle-orm";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import { passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Taken } from "#lib/auth/lost-device/take-factors.ts";
import { readFactorsOf } from "#lib/auth/mfa/read-factors.ts";
import { endRecoveryCodes } from "#lib/auth/mfa/recovery-codes.ts";
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

/** Takes them away from a member, whose row is locked; the older ones stay. Recovery codes go with the last one. */
export async function takeSuspectFactors(db: TenantDb, member: Frozen): Promise<Taken> {
  const suspect = await suspectOf(db, member);
  if (!suspect) return { apps: 0, passkeys: 0, recoveryCodes: 0 };
  const id = { id: totpFactors.id };
  const apps = await db.delete(totpFactors).where(suspect.apps).returning(id);
  const keys = await db.delete(passkeys).where(suspect.passkeys).returning({ id: passkeys.id });
  const codes = await db.delete(recoveryCodes).where(suspect.codes).returning({ id: recoveryCodes.id });
  const { enrolled } = await readFactorsOf(db, member.id);
  if (enrolled.length === 0) await endRecoveryCodes(db, member.id);
  return { apps: apps.length, passkeys: keys.length, recoveryCodes: codes.length };
}

async function suspectOf(db: TenantDb, { id, frozenAt }: Frozen) {
  if (!frozenAt) return undefined;
  const since = await reportedSince(db, id, frozenAt);
  return {
    apps: and(eq(totpFactors.memberId, id), gte(totpFactors.confirmedAt, since)),
    passkeys: and(eq(passkeys.memberId, id), gte(passkeys.createdAt, since)),
    codes: and(eq(recoveryCodes.memberId, id), gte(recoveryCodes.createdAt, since)),
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
