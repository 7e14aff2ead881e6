import { and, asc, count, desc, eq, gte, isNull, ne } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { scimGroups, scimRequests, scimTokens, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import { query } from "#lib/core/query.ts";
import { scimBase } from "./address.ts";
import { adviceFor } from "./advice.ts";
import { isLive } from "./tokens/scim-token.ts";

/** As much of what was asked last as the page shows. */
const SHOWN = 10;

/** The firm's connections with their tokens for directories, how many people these brought, and what they asked last. */
export const listDirectories = query({
  event: "directories.listed",
  permission: "sso:manage",
  async run({ db, ctx }) {
    const found = await db
      .select({ id: connections.id, name: connections.name, state: connections.state })
      .from(connections)
      .where(ne(connections.state, "retired"))
      .orderBy(asc(connections.name));
    const directories = [];
    for (const connection of found) {
      directories.push({
        ...connection,
        tokens: await tokensOf(db, ctx.now, connection.id),
        ...(await sizeOf(db, connection.id)),
        ...(await requestsOf(db, connection.id)),
      });
    }
    return { base: scimBase(ctx), directories };
  },
});

export type ListedDirectory = Awaited<ReturnType<typeof listDirectories>>["directories"][number];

/** Good ones only, the newest first; never what they are. */
function tokensOf(db: TenantDb, now: Date, connectionId: string) {
  const { id, name, shownPrefix: hint, createdAt, expiresAt, lastUsedAt } = scimTokens;
  return db
    .select({ id, name, hint, createdAt, expiresAt, lastUsedAt })
    .from(scimTokens)
    .where(isLive(now, connectionId))
    .orderBy(desc(createdAt), desc(id));
}

async function sizeOf(db: TenantDb, connectionId: string): Promise<{ users: number; groups: number }> {
  const [users] = await db
    .select({ number: count() })
    .from(scimUsers)
    .where(and(eq(scimUsers.connectionId, connectionId), isNull(scimUsers.deletedAt)));
  const [groups] = await db
    .select({ number: count() })
    .from(scimGroups)
    .where(eq(scimGroups.connectionId, connectionId));
  return { users: users?.number ?? 0, groups: groups?.number ?? 0 };
}

/** The last requests, and the last of those that went wrong, with what helps. */
async function requestsOf(db: TenantDb, connectionId: string) {
  const { id, createdAt: at, operation, status, detail } = scimRequests;
  const of = eq(scimRequests.connectionId, connectionId);
  const latest = (failed: boolean) =>
    db
      .select({ id, at, operation, status, detail })
      .from(scimRequests)
      .where(failed ? and(of, gte(status, 400)) : of)
      .orderBy(desc(at), desc(id))
      .limit(SHOWN);
  const failures = await latest(true);
  return {
    requests: await latest(false),
    failures: failures.map((failure) => ({ ...failure, advice: adviceFor(failure) })),
  };
}
