import { asc, eq } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import { query } from "#lib/core/query.ts";

/** The clients whose contact the caller is, with the workspace that each one leads to (002-03). */
export const listMyWorkspaces = query({
  event: "workspaces.listed",
  permission: "member",
  run: ({ db, ctx }) =>
    db
      .select({ workspaceId: workspaces.id, clientName: clients.name })
      .from(clientContacts)
      .innerJoin(clients, eq(clients.id, clientContacts.clientId))
      .innerJoin(workspaces, eq(workspaces.clientId, clients.id))
      .where(eq(clientContacts.memberId, ctx.actor?.memberId ?? ""))
      .orderBy(asc(clients.name), asc(clients.id)),
});
