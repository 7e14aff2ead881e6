import { withTenant } from "#db/tenant.ts";
import { revokeSession } from "#lib/auth/session/revoke-sessions.ts";
import { startSession } from "#lib/auth/session/start-session.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById, lockMember } from "#lib/members/find-member.ts";
import { acceptPassword, type NewCredential } from "./accept-password.ts";
import { NewPasswordInput } from "./input.ts";
import { passwordTerms } from "./password-terms.ts";
import { recordingRefusal } from "./recording-refusal.ts";
import { replaceCredential } from "./replace-credential.ts";

/** New passwords that one member may have judged: twenty at once, then one every ten seconds. */
const PER_MEMBER = { burst: 20, everySeconds: 10 };

/**
 * The duty of a pending session: a new password, other than the one just typed. It ends every session of the member
 * and starts a full one, under a new token. Throws unauthenticated, invalid, rate_limited or overloaded.
 */
export const changePasswordAsDuty = command({
  event: "password.changed",
  permission: "pending",
  input: NewPasswordInput,
  prepare: acceptNewPassword,
  async run({ db, ctx, prepared }) {
    const { memberId, sessionId } = pendingOf(ctx);
    const member = await lockMember(db, memberId);
    if (!member || !(await revokeSession(db, ctx.now, sessionId, "duty_done")))
      throw unauthenticated("pending_session_ended");
    await replaceCredential(db, ctx, member, prepared);
    const session = await startSession(db, ctx, { memberId, method: "password", duties: [] });
    return { memberId, session };
  },
  audit: ({ memberId, session }) => [
    { event: "password.changed", targetId: memberId, reason: "duty" },
    {
      event: "session.started",
      targetId: memberId,
      detail: { method: "password", kind: session.kind, session: session.sessionId },
    },
  ],
});

async function acceptNewPassword(
  ctx: Context,
  { newPassword }: { newPassword: string },
): Promise<NewCredential> {
  const { memberId } = pendingOf(ctx);
  const terms = await withTenant(ctx.tenant.id, async (db) => {
    const allowed = await takeAllowances(db, [{ key: `password:change:${memberId}`, ...PER_MEMBER }]);
    if (!allowed) throw rateLimited("too_many_new_passwords", PER_MEMBER.everySeconds);
    const member = await findMemberById(db, memberId);
    return member && (await passwordTerms(db, ctx.tenant, member));
  });
  if (!terms) throw unauthenticated("pending_session_ended");
  return recordingRefusal(ctx, "password.changed", () => acceptPassword(terms, newPassword, "typed_before"));
}

function pendingOf(ctx: Context) {
  if (!ctx.pending) throw unauthenticated("no_pending_session");
  return ctx.pending;
}
