import { and, asc, count, eq, isNotNull, isNull } from "drizzle-orm";
import { connectionConfigurations, connectionDomains, connections } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { query } from "#lib/core/query.ts";

/** The firm's connections by name, retired ones last, with how many people sign in by each and what needs looking after. */
export const listConnections = query({
  event: "connections.listed",
  permission: "sso:manage",
  async run({ db }) {
    const rows = await db.select().from(connections).orderBy(asc(connections.name));
    const people = await db
      .select({ id: members.connectionId, number: count() })
      .from(members)
      .where(and(isNotNull(members.connectionId), isNull(members.deletedAt)))
      .groupBy(members.connectionId);
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
      people: people.find(({ id }) => id === connection.id)?.number ?? 0,
      domains: domains.filter(({ id }) => id === connection.id).map(({ domain }) => domain),
      hasDraft: drafts.some(({ id }) => id === connection.id),
    }));
    const isRetired = ({ state }: (typeof shown)[number]) => state === "retired";
    return [...shown.filter((one) => !isRetired(one)), ...shown.filter(isRetired)];
  },
});
