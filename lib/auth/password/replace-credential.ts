import type { TenantDb } from "#db/tenant.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { clearAttempts } from "#lib/auth/lock/attempts.ts";
import { cancelOpenReset } from "#lib/auth/lost-device/cancel-open-reset.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { ownSession } from "#lib/auth/session/own-session.ts";
import { revokePendingSessions, revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, suppressQueued } from "#lib/outbox/enqueue-email.ts";
import type { NewCredential } from "./accept-password.ts";
import { storePassword } from "./password-credentials.ts";

type Replacement = NewCredential & {
  /** Until when it is good, where an administrator has set it. */
  temporaryUntil?: Date;
  /** The session that stays, or `all`: what its owner chose to keep signed in, with the API tokens. */
  keep?: { sessions: "all" | string; device: string | undefined };
};

/**
 * Gives a member a new password and puts everything that the old one opened out: sessions, pending sessions, known
 * browsers, API tokens, mailed links and temporary passwords, and those not mailed yet (DEC8, B10); second factors that were said
 * to be lost stay (F3). Nobody is locked out any more (000-19). The owner is told by mail, with a way to say that it was somebody else.
 */
export async function replaceCredential(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { hash, acceptedUnder, temporaryUntil, keep }: Replacement,
): Promise<void> {
  await storePassword(db, ctx.now, { memberId: member.id, hash, acceptedUnder, temporaryUntil });
  if (keep?.sessions === "all") {
    // Whoever knew the old password and still owes a new one must not set it.
    await revokePendingSessions(db, ctx.now, member.id, "password_changed");
  } else {
    await revokeSessions(db, ctx.now, member.id, "password_changed", keep?.sessions);
    await forgetDevices(db, member.id, keep?.device);
    await endApiTokens(db, ctx.now, member.id, "password_changed");
  }
  await cancelOpenReset(db, ctx.now, { memberId: member.id, reason: "password_changed", from: ctx });
  await clearAttempts(db, member.id);
  await endSecrets(db, ctx.now, { memberId: member.id, reason: "revoked" });
  await suppressCredentialsMail(db, member.id);
  await suppressQueued(db, member.id, "password-expires");
  await enqueueEmail(db, {
    template: temporaryUntil ? "password-set" : "password-changed",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    subjectId: ownSession(ctx, member.id),
    props: { at: ctx.now.toISOString() },
  });
}
