import { asc, eq, or } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "#lib/members/find-member.ts";

/**
 * What the identity provider is called by which somebody signs in: the member's own, or the firm's only one. Asked for
 * nobody, too: the number of statements is the same for every name (SEC11).
 */
export async function nameProvider(
  db: TenantDb,
  member: Pick<Member, "connectionId"> | undefined,
): Promise<string> {
  const own = member?.connectionId ?? NOWHERE;
  const rows = await db
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .where(or(eq(connections.id, own), eq(connections.state, "live")))
    .orderBy(asc(connections.createdAt))
    .limit(MOST_PROVIDERS);
  return providerAmong(rows, own);
}

/** Among the member's own provider and the live ones, the oldest first. */
export function providerAmong(rows: readonly { id: string; name: string }[], own: string | null): string {
  const theirs = rows.find(({ id }) => id === own) ?? (rows.length === 1 ? rows[0] : undefined);
  return theirs?.name ?? "";
}

const NOWHERE = "00000000-0000-0000-0000-000000000000";

/** Of several nobody can say which one it is; that there are more than these makes no difference. */
export const MOST_PROVIDERS = 50;
