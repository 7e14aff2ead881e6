import { and, eq } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { distrustDevices } from "#lib/auth/device/known-devices.ts";
import { cancelOpenReset } from "#lib/auth/lost-device/cancel-open-reset.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endBreakGlassOf } from "#lib/auth/sso/break-glass/end-break-glass.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { suppressQueued } from "#lib/outbox/enqueue-email.ts";
import { cancelProposals } from "./recovery/cancel-proposals.ts";

export type AccessEnd =
  | "member_disabled"
  | "member_deleted"
  | "member_erased"
  | "member_federated"
  | "member_unlinked";

/**
 * Ends, in one transaction, whatever lets somebody in or on: sessions, API tokens, browsers that need no second factor,
 * mailed links, mail that is promised, and new addresses on their way. What the account is and has stays, also that its
 * browsers are known. Gives the requests whose address it has stopped.
 */
export async function endAccess(
  db: TenantDb,
  now: Date,
  memberId: string,
  reason: AccessEnd,
): Promise<string[]> {
  await revokeSessions(db, now, memberId, reason);
  await endApiTokens(db, now, memberId, reason);
  if (reason === "member_disabled" || reason === "member_deleted") {
    await endBreakGlassOf(db, now, memberId, reason);
  }
  await distrustDevices(db, memberId);
  await endSecrets(db, now, { memberId, reason: "revoked" });
  await suppressCredentialsMail(db, memberId);
  await cancelOpenReset(db, now, { memberId, reason });
  for (const template of LEADS_ON) await suppressQueued(db, memberId, template);
  await db
    .update(emailChanges)
    .set({ status: "cancelled", decidedAt: now })
    .where(and(eq(emailChanges.memberId, memberId), eq(emailChanges.status, "asked")));
  return cancelProposals(db, now, memberId, reason);
}

/** Other mail whose link does something for its owner. */
const LEADS_ON = ["confirm-email", "firm-link"] as const;

/** What becomes of a new address on its way to somebody who is out. */
export function stopped(targetId: string, reason: AccessEnd, request: string): AuditEvent {
  return { event: "recovery.cancelled", targetId, reason, detail: { request } };
}
