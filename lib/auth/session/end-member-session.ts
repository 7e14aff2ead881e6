import { and, eq } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { EndMemberSessionInput } from "./input.ts";
import { lockManagedMember } from "./managed-member.ts";
import { revokeSession } from "./revoke-sessions.ts";

/**
 * Ends one session of somebody else (SEC49). One that has ended stays so.
 * @throws DomainError not_found, forbidden
 */
export const endMemberSession = command({
  event: "member_session.ended",
  permission: "sessions:manage",
  input: EndMemberSessionInput,
  async run({ db, ctx }, { memberId, sessionId }) {
    const { id } = await lockManagedMember(db, ctx, memberId);
    const [session] = await db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, sessionId), eq(sessions.memberId, id)));
    if (!session) throw notFound();
    const ended = await revokeSession(db, ctx.now, session.id, "ended_by_administrator");
    return { id, session: session.id, ended };
  },
  audit: ({ id, session, ended }) =>
    ended ? [{ event: "member_session.ended", targetId: id, detail: { session } }] : [],
});
