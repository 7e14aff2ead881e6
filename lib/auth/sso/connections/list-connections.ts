import { and, asc, eq, getTableColumns, isNotNull, isNull } from "drizzle-orm";
import { connectionConfigurations, connectionDomains, connections } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { COUNTED, countOf, ONE, upTo } from "#lib/core/count-up-to.ts";
import { query } from "#lib/core/query.ts";

/**
 * The firm's connections by name, retired ones last, with how many people sign in by each, counted up to `COUNTED`, and what
 * needs looking after.
 */
export const listConnections = query({
  event: "connections.listed",
  permission: "sso:manage",
  async run({ db }) {
    const theirs = db
      .select(ONE)
      .from(members)
      .where(and(eq(members.connectionId, connections.id), isNull(members.deletedAt)))
      .orderBy(members.id)
      .limit(upTo(COUNTED));
    const rows = await db
      .select({ ...getTableColumns(connections), people: countOf(theirs).mapWith(Number) })
      .from(connections)
      .orderBy(asc(connections.name));
    const domains = await db
      .select({ id: connectionDomains.connectionId, domain: connectionDomains.domain })
      .from(connectionDomains)
      .where(isNotNull(connectionDomains.provenAt))
      .orderBy(asc(connectionDomains.domain));
    const drafts = await db
      .select({ id: connectionConfigurations.connectionId })
      .from(connectionConfigurations)
      .where(eq(connectionConfigurations.role, "draft"));
    const shown = rows.map((connection) => ({
      ...connection,
      domains: domains.filter(({ id }) => id === connection.id).map(({ domain }) => domain),
      hasDraft: drafts.some(({ id }) => id === connection.id),
    }));
    const isRetired = ({ state }: (typeof shown)[number]) => state === "retired";
    return [...shown.filter((one) => !isRetired(one)), ...shown.filter(isRetired)];
  },
});
