import { withTenant } from "#db/tenant.ts";
import { goOn, pendingOf, takeDuty } from "#lib/auth/session/pending-session.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited, unauthenticated } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { acceptPassword, type NewCredential } from "./accept-password.ts";
import { type NewPassword, NewPasswordInput } from "./input.ts";
import { passwordTerms } from "./password-terms.ts";
import { recordingRefusal } from "./recording-refusal.ts";
import { replaceCredential } from "./replace-credential.ts";

/** New passwords that one member may have judged: twenty at once, then one every ten seconds. */
const PER_MEMBER = { burst: 20, everySeconds: 10 };

/**
 * The duty of a pending session: a new password, other than the one just typed. It ends every session of the member
 * and goes on in a new one, under a new token. Throws unauthenticated, invalid, rate_limited or overloaded.
 */
export const changePasswordAsDuty = command({
  event: "password.changed",
  permission: "pending",
  input: NewPasswordInput,
  prepare: acceptNewPassword,
  async run({ db, ctx, prepared }) {
    const taken = await takeDuty(db, ctx, "change_password");
    await replaceCredential(db, ctx, taken.member, prepared);
    return { memberId: taken.member.id, session: await goOn(db, ctx, taken) };
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

async function acceptNewPassword(ctx: Context, typed: NewPassword): Promise<NewCredential> {
  const { memberId, duties } = pendingOf(ctx);
  // What proves comes before what changes: no password is judged for somebody who has not proven the second factor.
  if (duties[0] !== "change_password") throw unauthenticated("another_duty_first");
  const terms = await withTenant(ctx.tenant.id, async (db) => {
    const allowed = await takeAllowances(db, [{ key: `password:change:${memberId}`, ...PER_MEMBER }]);
    if (!allowed) throw rateLimited("too_many_new_passwords", PER_MEMBER.everySeconds);
    const member = await findMemberById(db, memberId);
    return member && (await passwordTerms(db, ctx.tenant, member));
  });
  if (!terms) throw unauthenticated("pending_session_ended");
  return recordingRefusal(ctx, "password.changed", () => acceptPassword(terms, typed, "typed_before"));
}
