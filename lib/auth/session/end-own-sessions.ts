import { command } from "#lib/core/command.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { EndSessionsInput } from "./input.ts";
import { revokeSessions } from "./revoke-sessions.ts";

/** Ends the caller's sessions, pending ones too: all but this one, or all of them, which signs out here as well. */
export const endOwnSessions = command({
  event: "sessions.ended",
  permission: "person",
  stepUp: "own_sessions:end",
  input: EndSessionsInput,
  async run({ db, ctx }, { which }) {
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    const { memberId, sessionId } = ctx.actor;
    await lockMember(db, memberId);
    const but = which === "others" ? sessionId : undefined;
    return { memberId, which, ended: await revokeSessions(db, ctx.now, memberId, "ended_by_owner", but) };
  },
  audit: ({ memberId, which, ended }) => [
    { event: "sessions.ended", targetId: memberId, detail: { which, ended } },
  ],
});
