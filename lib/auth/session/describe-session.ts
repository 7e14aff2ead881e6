import { eq } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Actor } from "#lib/core/context.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { factorOf } from "./how-proven.ts";

/** Who the caller is, for programs that ask on somebody's behalf, and until when. Throws unauthenticated. */
export const describeSession = query({
  event: "session.read",
  permission: "member",
  async run({ db, ctx }) {
    const { actor, tenant } = ctx;
    if (!actor) throw unauthenticated("not_signed_in");
    return {
      firm: { slug: tenant.slug, name: tenant.name },
      member: {
        id: actor.memberId,
        kind: actor.kind,
        name: actor.name,
        username: actor.username,
        email: actor.email,
        securityGroup: actor.groupName,
        permissions: [...actor.permissions].sort(),
      },
      session: (await sessionOf(db, ctx.now, actor)) ?? null,
    };
  },
});

/** How the session began and when it ends: without another request, and in any case. An API token is no session. */
async function sessionOf(db: TenantDb, now: Date, { sessionId, byApiToken }: Actor) {
  if (byApiToken) return undefined;
  const [session] = await db.select().from(sessions).where(eq(sessions.id, sessionId));
  if (!session) return undefined;
  const { id, method, proofs, createdAt: startedAt, lastSeenAt, idleMinutes, expiresAt } = session;
  const idleAt = after(lastSeenAt, idleMinutes * MINUTE);
  const endsAt = new Date(Math.min(idleAt.getTime(), expiresAt.getTime()));
  return {
    id,
    method,
    factor: factorOf({ method, proofs }) ?? null,
    startedAt,
    asOf: now,
    endsAt,
    expiresAt,
  };
}
