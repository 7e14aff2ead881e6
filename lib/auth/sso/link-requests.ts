import { and, eq, gt, isNull } from "drizzle-orm";
import { connections, linkRequests } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import type { Connection } from "./configuration.ts";
import { UpstreamIdentity } from "./upstream-identity.ts";

/** How long somebody may take to find the own password, once the provider has said who they are there. */
const LINK_LASTS = 15 * MINUTE;

export type LinkRequest = { id: string; createdAt: Date; connection: Connection; identity: UpstreamIdentity };

/** Notes whom a provider has vouched for, until that person proves an account. The token stays in the browser. */
export async function requestLink(db: TenantDb, now: Date, identity: UpstreamIdentity): Promise<string> {
  const token = randomToken();
  await db.insert(linkRequests).values({
    tokenHash: sha256(token),
    connectionId: identity.connectionId,
    subject: identity.subject,
    claims: identity,
    expiresAt: after(now, LINK_LASTS),
  });
  return token;
}

/** What this browser may link, while it may. Consumes nothing. */
export async function findLinkRequest(
  db: TenantDb,
  now: Date,
  token: string,
): Promise<LinkRequest | undefined> {
  const [row] = await db
    .select({ request: linkRequests, connection: connections })
    .from(linkRequests)
    .innerJoin(connections, and(eq(connections.id, linkRequests.connectionId), eq(connections.state, "live")))
    .where(isOpen(now, token));
  if (!row) return undefined;
  const { id, createdAt, claims } = row.request;
  return { id, createdAt, connection: row.connection, identity: UpstreamIdentity.parse(claims) };
}

/** Uses it up: of any number of parallel requests one links (INC20). */
export async function consumeLinkRequest(db: TenantDb, now: Date, token: string): Promise<boolean> {
  const consumed = await db
    .update(linkRequests)
    .set({ consumedAt: now })
    .where(isOpen(now, token))
    .returning({ id: linkRequests.id });
  return consumed.length > 0;
}

function isOpen(now: Date, token: string) {
  return and(
    eq(linkRequests.tokenHash, sha256(token)),
    isNull(linkRequests.consumedAt),
    gt(linkRequests.expiresAt, now),
  );
}
