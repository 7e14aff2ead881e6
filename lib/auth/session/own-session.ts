import type { Context } from "#lib/core/context.ts";

/** The session by which a request speaks for this very member; undefined where somebody else does, or nobody yet. */
export function ownSession({ actor, pending }: Pick<Context, "actor" | "pending">, memberId: string) {
  if (actor?.memberId === memberId) return actor.sessionId;
  return pending?.memberId === memberId ? pending.sessionId : undefined;
}
