import { and, eq, gte, inArray, isNull, ne, notInArray } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { linkRequests, providerSessions } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { ApiTokenEnd } from "#lib/auth/api-tokens/end-api-tokens.ts";
import type { SessionEnd } from "#lib/auth/session/revoke-sessions.ts";
import type { Configuration } from "../configuration.ts";

type Ended = { sessions: number; tokens: number };

/**
 * Ends what somebody may have opened by a configuration that is not to be trusted any more (DEC19): the sessions that began by
 * it, the API tokens that its people have got since, and whatever they were about to link. Sessions go on under another id
 * once a second factor is proven, so all count that did not begin by another configuration.
 */
export async function endWhatItOpened(
  db: TenantDb,
  now: Date,
  { id, connectionId, servingSince }: Configuration & { connectionId: string },
): Promise<Ended> {
  const people = db.select({ id: members.id }).from(members).where(eq(members.connectionId, connectionId));
  const since = servingSince ?? now;
  const byAnother = db
    .select({ id: providerSessions.sessionId })
    .from(providerSessions)
    .where(and(eq(providerSessions.connectionId, connectionId), ne(providerSessions.configurationId, id)));
  const out = await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: "connection_compromised" satisfies SessionEnd })
    .where(
      and(
        inArray(sessions.memberId, people),
        eq(sessions.method, "sso"),
        gte(sessions.createdAt, since),
        notInArray(sessions.id, byAnother),
        isNull(sessions.revokedAt),
      ),
    )
    .returning({ id: sessions.id });
  const ended = await db
    .update(apiTokens)
    .set({ endedAt: now, endedReason: "connection_compromised" satisfies ApiTokenEnd })
    .where(
      and(inArray(apiTokens.memberId, people), gte(apiTokens.createdAt, since), isNull(apiTokens.endedAt)),
    )
    .returning({ id: apiTokens.id });
  await db
    .delete(linkRequests)
    .where(and(eq(linkRequests.connectionId, connectionId), isNull(linkRequests.consumedAt)));
  return { sessions: out.length, tokens: ended.length };
}
