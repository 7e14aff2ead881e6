import { and, eq, isNull } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { EndSessionInput } from "./input.ts";

/**
 * Ends one of the caller's sessions, which is out on its next request (I1, SEC49). One that has ended stays so. The one that
 * asks is signed out by it, which never takes a proof.
 * @throws DomainError not_found
 */
export const endOneSession = command({
  event: "session.ended",
  permission: "person",
  stepUp: ({ sessionId }, { actor }) => (sessionId === actor?.sessionId ? undefined : "own_sessions:end"),
  input: EndSessionInput,
  async run({ db, ctx }, { sessionId }) {
    const own = and(eq(sessions.id, sessionId), eq(sessions.memberId, ctx.actor?.memberId ?? ""));
    const [session] = await db.select({ id: sessions.id }).from(sessions).where(own);
    if (!session) throw notFound();
    const ended = await db
      .update(sessions)
      .set({ revokedAt: ctx.now, revokedReason: "ended_by_owner" })
      .where(and(own, isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
    return { id: session.id, ended: ended.length === 1, isHere: session.id === ctx.actor?.sessionId };
  },
  audit: ({ id, ended }) => (ended ? [{ event: "session.ended", targetId: id }] : []),
});
