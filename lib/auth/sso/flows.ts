import { and, eq, gt, isNull } from "drizzle-orm";
import { ssoFlows } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";

/** How long somebody may take at the provider (DEC18). */
export const FLOW_LASTS = 10 * MINUTE;

export type Flow = typeof ssoFlows.$inferSelect;

type NewFlow = {
  connectionId: string;
  configurationId: string;
  purpose: Flow["purpose"];
  /** Who tests. */
  memberId?: string;
  next: string;
  requestId?: string;
};

/** Notes that somebody leaves for a provider. The token goes into that browser's cookie and nowhere else. */
export async function beginFlow(
  db: TenantDb,
  now: Date,
  flow: NewFlow,
): Promise<{ flowId: string; token: string }> {
  const token = randomToken();
  const [row] = await db
    .insert(ssoFlows)
    .values({ ...flow, tokenHash: sha256(token), expiresAt: after(now, FLOW_LASTS) })
    .returning({ id: ssoFlows.id });
  if (!row) throw new Error("The flow was not noted.");
  return { flowId: row.id, token };
}

/** What the browser left for, as long as it has not come back; undefined for anything else. Consumes nothing. */
export async function findFlow(
  db: TenantDb,
  now: Date,
  { token, connectionId }: { token: string; connectionId: string },
): Promise<Flow | undefined> {
  const [flow] = await db
    .select()
    .from(ssoFlows)
    .where(isOpen(now, token, connectionId));
  return flow;
}

/** The same, once: of any number of parallel answers one gets it (REL5, SEC64). */
export async function consumeFlow(
  db: TenantDb,
  now: Date,
  { token, connectionId }: { token: string; connectionId: string },
): Promise<Flow | undefined> {
  const [flow] = await db
    .update(ssoFlows)
    .set({ consumedAt: now })
    .where(isOpen(now, token, connectionId))
    .returning();
  return flow;
}

function isOpen(now: Date, token: string, connectionId: string) {
  return and(
    eq(ssoFlows.tokenHash, sha256(token)),
    eq(ssoFlows.connectionId, connectionId),
    isNull(ssoFlows.consumedAt),
    gt(ssoFlows.expiresAt, now),
  );
}
