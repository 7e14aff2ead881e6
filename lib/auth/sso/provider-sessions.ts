import { and, eq, inArray, isNull } from "drizzle-orm";
import { connectionConfigurations, connections, providerSessions } from "#db/schema/connections.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { type Configured, withSettings } from "./configuration.ts";

/** A session of ours that came from a provider, with what it came by. */
export type ProviderSession = { session: typeof providerSessions.$inferSelect; configured: Configured };

/** Where a session came from; undefined for one that came from no provider. */
export async function findProviderSession(
  db: TenantDb,
  sessionId: string,
): Promise<ProviderSession | undefined> {
  const [row] = await db
    .select({ session: providerSessions, connection: connections, configuration: connectionConfigurations })
    .from(providerSessions)
    .innerJoin(connections, eq(connections.id, providerSessions.connectionId))
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.id, providerSessions.configurationId))
    .where(eq(providerSessions.sessionId, sessionId));
  if (!row) return undefined;
  const { session, connection, configuration } = row;
  return { session, configured: { connection, configuration: withSettings(configuration) } };
}

/** The session goes on as another one, after a duty or a step-up: the provider's logout must find that one too. */
export async function carryProviderSession(db: TenantDb, from: string, to: string): Promise<void> {
  await db.update(providerSessions).set({ sessionId: to }).where(eq(providerSessions.sessionId, from));
}

/** Whose sessions a provider says are over: those of one of its own sessions, or all of somebody. */
export type Over = { connectionId: string; subject?: string; providerSession?: string };

/** Ends them at once, pending ones too (G9). Gives their ids. */
export async function endProviderSessions(db: TenantDb, now: Date, over: Over): Promise<string[]> {
  const { connectionId, subject, providerSession } = over;
  if (subject === undefined && providerSession === undefined) throw new Error("Nobody was named.");
  const named = db
    .select({ id: providerSessions.sessionId })
    .from(providerSessions)
    .where(
      and(
        eq(providerSessions.connectionId, connectionId),
        subject === undefined ? undefined : eq(providerSessions.subject, subject),
        providerSession === undefined ? undefined : eq(providerSessions.providerSession, providerSession),
      ),
    );
  const ended = await db
    .update(sessions)
    .set({ revokedAt: now, revokedReason: "ended_by_provider" })
    .where(and(inArray(sessions.id, named), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });
  return ended.map(({ id }) => id);
}
