import { and, count, desc, eq, gte, inArray, isNull, max } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import { factorResets, passkeys, recoveryCodes } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { effectivePermissions } from "#lib/access/permissions.ts";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import type { RunContext } from "#lib/core/command.ts";
import { usedUp } from "#lib/core/rate-limit.ts";
import { mailAllowance } from "#lib/outbox/enqueue-email.ts";
import type { ExplainedFacts } from "#lib/policy/explain-sign-in.ts";
import { DUTIES } from "#lib/policy/session.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { accessFactsOf } from "./access-of.ts";
import type { Member } from "./find-member.ts";
import { readPerson } from "./read-people.ts";
import { shortSource } from "./short-source.ts";

/** How long tries are of interest. */
const LATELY = 30 * DAY;

/** As many refused tries as are told. */
const TOLD = 5;

/** A refused try of somebody's name: when, why, and roughly from where. */
export type RefusedTry = { at: Date; reason: string; from: string };

/** What is known of somebody's sign-in, and the last tries that were refused. */
export async function readSignInFacts(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
): Promise<{ facts: ExplainedFacts; tries: RefusedTry[] }> {
  const { id, kind, emailKey } = member;
  const person = await readPerson(db, ctx, id);
  const policy = await readSecurityOptions(db);
  const tried = await triesOf(db, ctx, id);
  const full = await usedUp(db, ctx.now, [mailAllowance(emailKey ?? "")]);
  const facts: ExplainedFacts = {
    ...accessFactsOf(person, policy),
    ...{ kind, mail: person.mail, deleted: person.deletedAt !== null },
    ...(await linksOf(db, member)),
    hasPermissions: await hasPermissions(db, member),
    hasClient: await hasClient(db, id),
    heldUntil: await heldUntil(db, id),
    mailboxFull: emailKey !== null && full.size > 0,
    session: await lastSession(db, ctx.now, id),
    factors: { ...(await factorHistory(db, id)), lastWrong: tried.lastWrongFactor },
    ...tried.facts,
  };
  return { facts, tries: tried.refused };
}

/** The newest reset link, and when the page of the newest invitation was opened. */
async function linksOf(db: TenantDb, { id, emailKey }: Member) {
  const [invitation] = await newest(db, id, "invitation");
  const [reset] = await newest(db, id, "password_reset");
  return {
    invitationOpenedAt: invitation?.openedAt ?? undefined,
    reset: reset && {
      mailedAt: reset.createdAt,
      expiresAt: reset.expiresAt,
      ended: reset.endedReason ?? undefined,
      toPresentAddress: reset.sentToKey === emailKey,
    },
  };
}

function newest(db: TenantDb, memberId: string, purpose: "invitation" | "password_reset") {
  return db
    .select()
    .from(oneTimeSecrets)
    .where(and(eq(oneTimeSecrets.memberId, memberId), eq(oneTimeSecrets.purpose, purpose)))
    .orderBy(desc(oneTimeSecrets.createdAt), desc(isNull(oneTimeSecrets.endedAt)))
    .limit(1);
}

async function hasPermissions(db: TenantDb, { kind, securityGroupId }: Member): Promise<boolean> {
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, securityGroupId));
  return effectivePermissions(kind, group?.permissions ?? []).size > 0;
}

async function hasClient(db: TenantDb, memberId: string): Promise<boolean> {
  const [one] = await db
    .select({ id: clients.id })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(and(eq(clientContacts.memberId, memberId), isNull(clients.deletedAt)))
    .limit(1);
  return one !== undefined;
}

async function heldUntil(db: TenantDb, memberId: string): Promise<Date | undefined> {
  const [held] = await db
    .select({ until: recoveryRequests.heldUntil })
    .from(recoveryRequests)
    .where(and(eq(recoveryRequests.memberId, memberId), eq(recoveryRequests.status, "held")))
    .limit(1);
  return held?.until ?? undefined;
}

async function lastSession(db: TenantDb, now: Date, memberId: string): Promise<ExplainedFacts["session"]> {
  const [last] = await db
    .select()
    .from(sessions)
    .where(eq(sessions.memberId, memberId))
    .orderBy(desc(sessions.createdAt))
    .limit(1);
  if (!last) return undefined;
  return { ...endOf(last, now), ...owedIn(last) };
}

type Session = typeof sessions.$inferSelect;

function endOf(last: Session, now: Date): { end: string; at: Date } {
  if (last.revokedAt) return { end: last.revokedReason ?? "", at: last.revokedAt };
  const idleAt = after(last.lastSeenAt, last.idleMinutes * MINUTE);
  if (idleAt <= now && idleAt <= last.expiresAt) return { end: "idle", at: idleAt };
  if (last.expiresAt <= now) return { end: "expired", at: last.expiresAt };
  return { end: last.kind === "full" ? "live" : "", at: last.lastSeenAt };
}

/** What a sign-in that went no further still owed. */
function owedIn({ kind, changeReason, duties }: Session) {
  if (kind === "full") return { changeReason: undefined, stoppedAt: undefined };
  return { changeReason: changeReason ?? undefined, stoppedAt: DUTIES.find((duty) => duties.includes(duty)) };
}

async function factorHistory(db: TenantDb, memberId: string) {
  const [lost] = await db
    .select({ until: factorResets.heldUntil })
    .from(factorResets)
    .where(and(eq(factorResets.memberId, memberId), eq(factorResets.status, "held")));
  const [codes] = await db
    .select({ all: count(), used: count(recoveryCodes.usedAt) })
    .from(recoveryCodes)
    .where(eq(recoveryCodes.memberId, memberId));
  const [suspected] = await db
    .select({ since: max(passkeys.suspectedAt) })
    .from(passkeys)
    .where(eq(passkeys.memberId, memberId));
  return {
    lostUntil: lost?.until ?? undefined,
    codesUsedUp: codes !== undefined && codes.all > 0 && codes.used === codes.all,
    suspectedAt: suspected?.since ?? undefined,
  };
}

/** From the audit log: the tries of this account, the refused ones since the last that was let in being clues. */
async function triesOf(db: TenantDb, { now }: RunContext, memberId: string) {
  const lately = and(eq(auditEvents.targetId, memberId), gte(auditEvents.createdAt, after(now, -LATELY)));
  const rows = await db
    .select()
    .from(auditEvents)
    .where(and(lately, inArray(auditEvents.event, [...REFUSALS, "session.started"])))
    .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
    .limit(TOLD * 4);
  const letIn = rows.findIndex(({ event }) => event === "session.started");
  const since = letIn < 0 ? rows : rows.slice(0, letIn);
  const refused = rows.filter(({ event }) => REFUSALS.includes(event)).slice(0, TOLD);
  const cameIn = rows.findIndex(({ event, detail }) => event === "session.started" && detail.kind === "full");
  const sinceThen = cameIn < 0 ? rows : rows.slice(0, cameIn);
  return {
    lastWrongFactor: sinceThen.find(({ event }) => event === WRONG_FACTOR)?.createdAt,
    facts: {
      lastTry: rows[0]?.createdAt,
      lastWrongPassword: since.find(({ reason }) => reason === "wrong_password")?.createdAt,
    },
    refused: refused.map((row) => ({
      at: row.createdAt,
      reason: REASONS[row.reason ?? ""] ?? "Refused",
      from: row.detail.place === "known_device" ? "a browser of theirs" : shortSource(row.source),
    })),
  };
}

const WRONG_FACTOR = "second_factor.refused";
const REFUSALS = ["sign_in.refused", WRONG_FACTOR];

const REASONS: Record<string, string> = {
  wrong_code: "Wrong code of the second factor",
  used_code: "A code of the second factor that was used before",
  federated: "Tried here instead of at the identity provider",
  sso_required: "The firm lets people in by SSO alone",
  no_password: "There was no password yet",
  locked: "Locked after too many wrong tries",
  wrong_password: "Wrong password",
  frozen: "The account was frozen",
  disabled: "The account was disabled",
  temporary_password_over: "The temporary password was over",
};
