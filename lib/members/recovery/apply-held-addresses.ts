import { and, eq, lte } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { recoveryRequests } from "#db/schema/recovery-requests.ts";
import { tenants } from "#db/schema/tenancy.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { openAgain } from "#lib/auth/freeze/open-again.ts";
import { enqueueCredentialsMail, suppressCredentialsMail, whyNot } from "#lib/auth/reset/credentials-mail.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { endFirmLinks } from "#lib/firms/end-firm-links.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, suppressQueued, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { NOTICES_TO_FREEZE_BY } from "#lib/outbox/templates.tsx";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { currentSystemContext, systemContext } from "#lib/tenancy/system-context.ts";
import { endHold } from "./end-hold.ts";
import { isAddressFree } from "./is-address-free.ts";
import { changeRequest, lockRequest, type RecoveryRequest } from "./lock-request.ts";
import { holdEndsAt, keepNoticeOpen } from "./notice-of-hold.ts";
import { whyNotTrusted } from "./why-not-trusted.ts";

/**
 * Gives the members of a firm the new addresses whose day is over and that nobody has stopped (B12), each in a
 * transaction of its own. Gives their number.
 */
export async function applyHeldAddresses(tenantId: TenantId): Promise<number> {
  const due = await withTenant(tenantId, (db, now) =>
    db
      .select({ id: recoveryRequests.id })
      .from(recoveryRequests)
      .where(and(eq(recoveryRequests.status, "held"), lte(recoveryRequests.heldUntil, now))),
  );
  let applied = 0;
  for (const { id } of due) {
    if (await withTenant(tenantId, (db, now) => applyOne(db, now, id))) applied += 1;
  }
  return applied;
}

/** False when somebody was quicker, or when what was approved cannot be any more. */
async function applyOne(db: TenantDb, now: Date, id: string): Promise<boolean> {
  const { request, member } = (await lockRequest(db, id)) ?? {};
  if (request?.status !== "held" || !member) return false;
  const obstacle = await obstacleTo(db, request, member);
  const until = await holdEndsAt(db, now, request);
  if (!obstacle && until && until > now) {
    await postpone(db, request, until);
    return false;
  }
  return settle(db, now, {
    request,
    member,
    obstacle: obstacle ?? (until ? undefined : "old_address_not_told"),
  });
}

/** A mail server that was away for a day must not have cost the old address its say. */
async function postpone(db: TenantDb, request: RecoveryRequest, until: Date): Promise<void> {
  await changeRequest(db, request.id, { heldUntil: until });
  await keepNoticeOpen(db, request.id, until);
  await record(db, "recovery.postponed", { request, reason: "old_address_not_told" });
}

type Due = { request: RecoveryRequest; member: Member; obstacle: string | undefined };

async function settle(db: TenantDb, now: Date, { request, member, obstacle }: Due): Promise<boolean> {
  const { id } = request;
  await endHold(db, now, member.id);
  if (obstacle) {
    await changeRequest(db, id, { status: "cancelled", closedAt: now, closedReason: obstacle });
    await record(db, "recovery.cancelled", { request, reason: obstacle });
    return false;
  }
  await moveTo(db, now, request, member);
  await changeRequest(db, id, { status: "done", closedAt: now, closedReason: "applied" });
  await record(db, "recovery.applied", { request });
  return true;
}

async function obstacleTo(
  db: TenantDb,
  request: RecoveryRequest,
  member: Member,
): Promise<string | undefined> {
  if (member.connectionId !== null) return "federated";
  if (member.emailKey !== request.oldEmailKey) return "address_changed_since";
  if (!(await isAddressFree(db, request.newEmailKey ?? "", member.id))) return "address_taken";
  // A day is long: either of the two, or what the account may do, can have become another.
  return whyNotTrusted(db, member, [
    { id: request.proposedBy, as: "proposer" },
    { id: request.decidedBy, as: "approver" },
  ]);
}

/** Whatever the old address opened is out, and its notices can stop nothing any more. The new one gets the way in. */
async function moveTo(db: TenantDb, now: Date, request: RecoveryRequest, member: Member): Promise<void> {
  const { newEmail: email, newEmailKey: emailKey } = request;
  // A username that was the address goes with it (DEC10).
  const username = member.usernameKey === member.emailKey && email && emailKey;
  const [moved] = await db
    .update(members)
    .set({ email, emailKey, ...(username && { username: email, usernameKey: emailKey }) })
    .where(eq(members.id, member.id))
    .returning();
  if (!moved) throw new Error("The member of a locked request is not there.");

  await revokeSessions(db, now, member.id, "address_changed");
  await endApiTokens(db, now, member.id, "address_changed");
  await forgetDevices(db, member.id);
  await endSecrets(db, now, { memberId: member.id, reason: "revoked" });
  await endSecrets(db, now, { memberId: member.id, purpose: "freeze", reason: "revoked" });
  const system = await currentSystemContext(db);
  await endFirmLinks(db, system, member.id);
  await suppressCredentialsMail(db, member.id);
  for (const notice of NOTICES_TO_FREEZE_BY) await suppressQueued(db, member.id, notice);
  await mailTo(db, now, moved.frozenAt ? await openAgain(db, { ...system, now }, moved) : moved);
}

async function mailTo(db: TenantDb, now: Date, member: Member): Promise<void> {
  const toAddress = member.emailKey ?? undefined;
  await enqueueEmail(db, { template: "address-changed", memberId: member.id, toAddress });
  const mailable = await takeMailAllowance(db, toAddress ?? "", "staff");
  const suppressedFor =
    whyNot(member, await readSecurityOptions(db), now) ?? (mailable ? undefined : "too_many_mails");
  await enqueueCredentialsMail(db, now, member, { suppressedFor });
}

type Step = { request: RecoveryRequest; reason?: string };

async function record(db: TenantDb, event: string, { request, reason }: Step): Promise<void> {
  const [firm] = await db.select().from(tenants);
  if (!firm) throw new Error("A firm without a row of its own.");
  const tenant = { id: firm.id as TenantId, slug: firm.slug, name: firm.name };
  const targetId = request.memberId ?? undefined;
  await recordEvent(db, systemContext(tenant), { event, targetId, reason, detail: { request: request.id } });
}
