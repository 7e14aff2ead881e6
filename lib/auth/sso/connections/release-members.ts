import { and, eq, inArray, isNull } from "drizzle-orm";
import { apiTokens } from "#db/schema/api-tokens.ts";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { ApiTokenEnd } from "#lib/auth/api-tokens/end-api-tokens.ts";
import type { SessionEnd } from "#lib/auth/session/revoke-sessions.ts";

/** Makes everybody who signs in by a connection a local account without a password, and ends what they have open. */
export async function releaseMembers(db: TenantDb, now: Date, connectionId: string): Promise<void> {
  const people = db.select({ id: members.id }).from(members).where(eq(members.connectionId, connectionId));
  await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: "connection_retired" satisfies SessionEnd })
    .where(and(inArray(sessions.memberId, people), isNull(sessions.revokedAt)));
  await db
    .update(apiTokens)
    .set({ endedAt: now, endedReason: "connection_retired" satisfies ApiTokenEnd })
    .where(and(inArray(apiTokens.memberId, people), isNull(apiTokens.endedAt)));
  await db.delete(federatedIdentities).where(eq(federatedIdentities.provider, connectionId));
  await db.update(members).set({ connectionId: null }).where(eq(members.connectionId, connectionId));
}
