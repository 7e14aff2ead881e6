import { and, asc, count, desc, gte, inArray, isNull, lte, ne, sql } from "drizzle-orm";
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
    const ids = found.map(({ id }) => id);
    const tokens = byConnection(await tokensOf(db, ctx.now, ids));
    const users = byConnection(await numberOfUsers(db, ids));
    const groups = byConnection(await numberOfGroups(db, ids));
    const requests = byConnection(await latestRequests(db, ids, false));
    const failures = byConnection(await latestRequests(db, ids, true));
    const directories = found.map((connection) => ({
      ...connection,
      tokens: tokens.get(connection.id) ?? [],
      users: users.get(connection.id)?.[0]?.number ?? 0,
      groups: groups.get(connection.id)?.[0]?.number ?? 0,
      requests: requests.get(connection.id) ?? [],
      failures: (failures.get(connection.id) ?? []).map((one) => ({ ...one, advice: adviceFor(one) })),
    }));
    return { base: scimBase(ctx), directories };
  },
});

export type ListedDirectory = Awaited<ReturnType<typeof listDirectories>>["directories"][number];

function byConnection<T extends { connectionId: string }>(rows: T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ connectionId }) => connectionId);
}

/** Good ones only, the newest first; never what they are. */
function tokensOf(db: TenantDb, now: Date, connectionIds: string[]) {
  const { id, connectionId, name, shownPrefix: hint, createdAt, expiresAt, lastUsedAt } = scimTokens;
  return db
    .select({ id, connectionId, name, hint, createdAt, expiresAt, lastUsedAt })
    .from(scimTokens)
    .where(and(inArray(connectionId, connectionIds), isLive(now)))
    .orderBy(desc(createdAt), desc(id));
}

function numberOfUsers(db: TenantDb, connectionIds: string[]) {
  const { connectionId, deletedAt } = scimUsers;
  return db
    .select({ connectionId, number: count() })
    .from(scimUsers)
    .where(and(inArray(connectionId, connectionIds), isNull(deletedAt)))
    .groupBy(connectionId);
}

function numberOfGroups(db: TenantDb, connectionIds: string[]) {
  const { connectionId } = scimGroups;
  return db
    .select({ connectionId, number: count() })
    .from(scimGroups)
    .where(inArray(connectionId, connectionIds))
    .groupBy(connectionId);
}

/** The last requests of each connection, or the last of those that went wrong. */
function latestRequests(db: TenantDb, connectionIds: string[], failed: boolean) {
  const { id, connectionId, createdAt: at, operation, status, detail } = scimRequests;
  const place = sql<number>`row_number() over (partition by ${connectionId} order by ${at} desc, ${id} desc)`;
  const ranked = db
    .select({ id, connectionId, at, operation, status, detail, place: place.as("place") })
    .from(scimRequests)
    .where(and(inArray(connectionId, connectionIds), failed ? gte(status, 400) : undefined))
    .as("ranked");
  return db
    .select({
      ...{ id: ranked.id, connectionId: ranked.connectionId, at: ranked.at },
      ...{ operation: ranked.operation, status: ranked.status, detail: ranked.detail },
    })
    .from(ranked)
    .where(lte(ranked.place, SHOWN))
    .orderBy(asc(ranked.place));
}
