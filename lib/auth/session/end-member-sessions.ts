import { command } from "#lib/core/command.ts";
import { MemberInput } from "#lib/members/input.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { lockManagedMember } from "./managed-member.ts";
import { revokeSessions } from "./revoke-sessions.ts";

/**
 * Signs somebody out everywhere, pending sessions too (SEC49). Its owner is told by mail, unless nothing was open or it is
 * the caller's own.
 * @throws DomainError not_found, forbidden
 */
export const endMemberSessions = command({
  event: "member_sessions.ended",
  permission: "sessions:manage",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const { id, emailKey } = await lockManagedMember(db, ctx, memberId);
    const ended = await revokeSessions(db, ctx.now, id, "ended_by_administrator");
    if (ended > 0 && id !== ctx.actor?.memberId) {
      await enqueueEmail(db, {
        template: "sessions-ended",
        memberId: id,
        toAddress: emailKey ?? undefined,
        props: { at: ctx.now.toISOString() },
      });
    }
    return { id, ended };
  },
  audit: ({ id, ended }) => [{ event: "member_sessions.ended", targetId: id, detail: { ended } }],
});
