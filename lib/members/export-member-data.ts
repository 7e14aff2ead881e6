import { and, desc, eq, or } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { auditEvents } from "#db/schema/audit.ts";
import { clientContacts, clientStaff, clients } from "#db/schema/clients.ts";
import { emailChanges } from "#db/schema/email-changes.ts";
import { securityGroups } from "#db/schema/groups.ts";
import {
  federatedIdentities,
  knownDevices,
  passwordCredentials,
  signInFailures,
} from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { outboxEmails } from "#db/schema/outbox.ts";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import { scimUsers } from "#db/schema/scim.ts";
import { factorResets, passkeys, recoveryCodes, totpFactors } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { findSeenMember, seenClients } from "#lib/access/seen.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { requireNoMoreThanHeld } from "./change-member-security.ts";
import type { Member } from "./find-member.ts";
import { findDeletedMember } from "./get-deleted-member.ts";
import { MemberInput } from "./input.ts";

/** More than this of what somebody did is in the audit log's own export. */
const EVENTS = 50_000;

/**
 * Everything that is kept about one person, for whoever asks for it by law, the deleted ones too. No hash, no token and no
 * code is in it. That somebody took it away is recorded. Since the audit events about the person are in it, it takes the
 * permission to read those, too.
 * @throws DomainError not_found, forbidden
 */
export const exportMemberData = command({
  event: "member_data.exported",
  permission: "people:export",
  stepUp: "people:export",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const member = (await findSeenMember(db, ctx, memberId)) ?? (await findDeletedMember(db, ctx, memberId));
    if (!member) throw notFound();
    const groups = await db
      .select()
      .from(securityGroups)
      .where(eq(securityGroups.id, member.securityGroupId));
    requireNoMoreThanHeld(ctx, member, groups);
    requirePermission(ctx, "audit:read");
    const { id } = member;
    return {
      id,
      data: {
        firm: ctx.tenant.name,
        exportedAt: ctx.now,
        account: await accountOf(db, ctx, member),
        access: await accessOf(db, id),
        secondFactors: await factorsOf(db, id),
        mail: await mailOf(db, id),
        requests: await requestsOf(db, id),
        auditEvents: await eventsOf(db, id),
      },
    };
  },
});

async function accountOf(db: TenantDb, ctx: Context, member: Member) {
  const { id, tenantId: _, usernameKey: _username, emailKey: _email, connectionId, ...account } = member;
  const [group] = await db
    .select({ name: securityGroups.name })
    .from(securityGroups)
    .where(eq(securityGroups.id, member.securityGroupId));
  const contactOf = await db
    .select({ client: clients.name, since: clientContacts.createdAt })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(and(eq(clientContacts.memberId, id), seenClients(ctx)));
  const worksFor = await db
    .select({ client: clients.name, since: clientStaff.createdAt })
    .from(clientStaff)
    .innerJoin(clients, eq(clients.id, clientStaff.clientId))
    .where(and(eq(clientStaff.memberId, id), seenClients(ctx)));
  return {
    id,
    ...account,
    signsInBySso: connectionId !== null,
    securityGroup: group?.name,
    contactOf,
    worksFor,
  };
}

/** How the person gets in, and has got in: dates and places, and nothing that opens anything. */
async function accessOf(db: TenantDb, id: string) {
  const { changedAt, temporaryUntil } = passwordCredentials;
  const s = sessions;
  const t = apiTokens;
  const device = {
    userAgent: knownDevices.userAgent,
    since: knownDevices.createdAt,
    lastUsedAt: knownDevices.lastUsedAt,
  };
  const token = {
    hint: t.hint,
    scopes: t.scopes,
    createdAt: t.createdAt,
    expiresAt: t.expiresAt,
    endedAt: t.endedAt,
  };
  const secret = {
    purpose: oneTimeSecrets.purpose,
    sentTo: oneTimeSecrets.sentToKey,
    createdAt: oneTimeSecrets.createdAt,
  };
  const failure = {
    place: signInFailures.place,
    failures: signInFailures.failures,
    lastAt: signInFailures.lastAt,
  };
  const { provider, providerAccountId } = federatedIdentities;
  const session = {
    ...{ startedAt: s.createdAt, lastSeenAt: s.lastSeenAt, source: s.source, userAgent: s.userAgent },
    ...{ method: s.method, expiresAt: s.expiresAt, endedAt: s.revokedAt, endedReason: s.revokedReason },
  };
  return {
    passwords: await db
      .select({ changedAt, temporaryUntil })
      .from(passwordCredentials)
      .where(eq(passwordCredentials.memberId, id)),
    sessions: await db.select(session).from(s).where(eq(s.memberId, id)),
    browsers: await db.select(device).from(knownDevices).where(eq(knownDevices.memberId, id)),
    apiTokens: await db.select(token).from(t).where(eq(t.memberId, id)),
    mailedLinks: await db.select(secret).from(oneTimeSecrets).where(eq(oneTimeSecrets.memberId, id)),
    wrongPasswords: await db.select(failure).from(signInFailures).where(eq(signInFailures.memberId, id)),
    singleSignOn: await db
      .select({ provider, account: providerAccountId })
      .from(federatedIdentities)
      .where(eq(federatedIdentities.memberId, id)),
    directory: await directoryOf(db, id),
  };
}

/** What a directory has said of the person. */
function directoryOf(db: TenantDb, id: string) {
  const { userName, externalId, attributes, changedAt, deletedAt } = scimUsers;
  return db
    .select({ userName, externalId, attributes, changedAt, deletedAt })
    .from(scimUsers)
    .where(eq(scimUsers.memberId, id));
}

/** Which there are, since when, and of none what makes it work. */
async function factorsOf(db: TenantDb, id: string) {
  const app = { confirmedAt: totpFactors.confirmedAt, lastUsedAt: totpFactors.lastUsedAt };
  const { createdAt: madeAt, usedAt } = recoveryCodes;
  const passkey = {
    name: passkeys.name,
    since: passkeys.createdAt,
    lastUsedAt: passkeys.lastUsedAt,
    suspectedAt: passkeys.suspectedAt,
  };
  const r = factorResets;
  const reset = {
    ...{ status: r.status, source: r.source, askedAt: r.createdAt, heldUntil: r.heldUntil },
    ...{ endedAt: r.endedAt, endedReason: r.endedReason },
  };
  return {
    authenticatorApps: await db.select(app).from(totpFactors).where(eq(totpFactors.memberId, id)),
    recoveryCodes: await db
      .select({ madeAt, usedAt })
      .from(recoveryCodes)
      .where(eq(recoveryCodes.memberId, id)),
    passkeys: await db.select(passkey).from(passkeys).where(eq(passkeys.memberId, id)),
    resets: await db.select(reset).from(r).where(eq(r.memberId, id)),
  };
}

function mailOf(db: TenantDb, id: string) {
  const { template, toAddress, status, reason, createdAt, sentAt } = outboxEmails;
  return db
    .select({ template, toAddress, status, reason, promisedAt: createdAt, sentAt })
    .from(outboxEmails)
    .where(eq(outboxEmails.memberId, id));
}

async function requestsOf(db: TenantDb, id: string) {
  const { oldEmail, newEmail, status, createdAt } = emailChanges;
  const r = recoveryRequests;
  const help = {
    ...{ origin: r.origin, status: r.status, typedName: r.typedName, reachableAt: r.reachableAt },
    ...{ source: r.source, newEmail: r.newEmail, createdAt: r.createdAt, closedAt: r.closedAt },
  };
  return {
    newAddresses: await db
      .select({ oldEmail, newEmail, status, createdAt })
      .from(emailChanges)
      .where(eq(emailChanges.memberId, id)),
    help: await db.select(help).from(r).where(eq(r.memberId, id)),
  };
}

/** What the person did, and what was done to the account. */
function eventsOf(db: TenantDb, id: string) {
  const { event, createdAt, reason, source, detail, actorId, targetId } = auditEvents;
  return db
    .select({ event, at: createdAt, reason, source, detail, actorId, targetId })
    .from(auditEvents)
    .where(or(eq(actorId, id), eq(targetId, id)))
    .orderBy(desc(createdAt))
    .limit(EVENTS);
}
