import { asc, count, eq } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import { query } from "#lib/core/query.ts";

/** More than this is for search and paging, which come with the people's own capability. */
const SHOWN = 500;

/** All clients of the firm, by name, with their workspace and the number of their contacts. */
export const listClients = query({
  event: "clients.listed",
  permission: "clients:read",
  run: ({ db }) =>
    db
      .select({
        id: clients.id,
        name: clients.name,
        workspaceId: workspaces.id,
        contacts: count(clientContacts.memberId),
      })
      .from(clients)
      .innerJoin(workspaces, eq(workspaces.clientId, clients.id))
      .leftJoin(clientContacts, eq(clientContacts.clientId, clients.id))
      .groupBy(clients.id, clients.name, workspaces.id)
      .orderBy(asc(clients.name), asc(clients.id))
      .limit(SHOWN),
});
