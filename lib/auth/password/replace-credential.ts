import type { TenantDb } from "#db/tenant.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { enqueueEmail, suppressQueued } from "#lib/outbox/enqueue-email.ts";
import { storePassword } from "./password-credentials.ts";

/**
 * Gives a member a new password and puts everything that the old one opened out: sessions, pending sessions, other
 * mailed links, and those not mailed yet (DEC8). The owner is told by mail.
 */
export async function replaceCredential(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  hash: string,
): Promise<void> {
  await storePassword(db, ctx.now, member.id, hash);
  await revokeSessions(db, ctx.now, member.id, "password_changed");
  await endSecrets(db, ctx.now, { memberId: member.id, reason: "revoked" });
  await suppressQueued(db, member.id, "reset-password");
  await enqueueEmail(db, {
    template: "password-changed",
    memberId: member.id,
    toAddress: member.emailKey ?? undefined,
    props: { at: ctx.now.toISOString() },
  });
}
