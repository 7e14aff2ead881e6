import { and, asc, desc, eq, inArray, isNull, ne, type SQLWrapper, sql } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { scimGroups, scimRequests, scimTokens, scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import { COUNTED, countOf, ONE, upTo } from "#lib/core/count-up-to.ts";
import { query } from "#lib/core/query.ts";
import { scimBase } from "./address.ts";
import { adviceFor } from "./advice.ts";
import { isLive } from "./tokens/scim-token.ts";

/** As much of what was asked last as the page shows. */
const SHOWN = 10;

/** The firm's connections with their tokens for directories, how many people these brought, counted up to `COUNTED`, and what they asked last. */
export const listDirectories = query({
  event: "directories.listed",
  permission: "sso:manage",
  async run({ db, ctx }) {
    const { id, name, state } = connections;
    const found = await db
      .select({ id, name, state, users: numberOf(usersOf(db)), groups: numberOf(groupsOf(db)) })
      .from(connections)
      .where(ne(connections.state, "retired"))
      .orderBy(asc(connections.name));
    const ids = found.map(({ id }) => id);
    const tokens = byConnection(await tokensOf(db, ctx.now, ids));
    const requests = byConnection(await latestRequests(db, ids, false));
    const failures = byConnection(await latestRequests(db, ids, true));
    const directories = found.map((connection) => ({
      ...connection,
      tokens: tokens.get(connection.id) ?? [],
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

const numberOf = (limited: SQLWrapper) => countOf(limited).mapWith(Number);

function usersOf(db: TenantDb) {
  const { connectionId, deletedAt } = scimUsers;
  return db
    .select(ONE)
    .from(scimUsers)
    .where(and(eq(connectionId, connections.id), isNull(deletedAt)))
    .orderBy(scimUsers.userNameKey)
    .limit(upTo(COUNTED));
}

function groupsOf(db: TenantDb) {
  const { connectionId } = scimGroups;
  return db
    .select(ONE)
    .from(scimGroups)
    .where(eq(connectionId, connections.id))
    .orderBy(scimGroups.displayNameKey)
    .limit(upTo(COUNTED));
}

/** The last requests of each connection, or the last of those that went wrong. */
function latestRequests(db: TenantDb, connectionIds: string[], failed: boolean) {
  const { id, connectionId, createdAt: at, operation, status, detail } = scimRequests;
  const latest = db
    .select({ id, connectionId, at, operation, status, detail })
    .from(scimRequests)
    .where(and(eq(connectionId, connections.id), failed ? FAILED : undefined))
    .orderBy(desc(at), desc(id))
    .limit(SHOWN)
    .as("latest");
  return db
    .select({
      ...{ id: latest.id, connectionId: latest.connectionId, at: latest.at },
      ...{ operation: latest.operation, status: latest.status, detail: latest.detail },
    })
    .from(connections)
    .innerJoinLateral(latest, sql`true`)
    .where(inArray(connections.id, connectionIds))
    .orderBy(desc(latest.at), desc(latest.id));
}

/** Written out: of a parameter PostgreSQL would not know that the index of these requests holds it. */
const FAILED = sql`${scimRequests.status} >= 400`;
