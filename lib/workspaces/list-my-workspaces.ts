import { and, asc, eq, isNull } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import { query } from "#lib/core/query.ts";

/** The clients whose contact the caller is, with the workspace that each one leads to (002-03). Deleted ones lead nowhere. */
export const listMyWorkspaces = query({
  event: "workspaces.listed",
  permission: "member",
  run: ({ db, ctx }) =>
    db
      .select({ workspaceId: workspaces.id, clientName: clients.name })
      .from(clientContacts)
      .innerJoin(clients, eq(clients.id, clientContacts.clientId))
      .innerJoin(workspaces, eq(workspaces.clientId, clients.id))
      .where(and(eq(clientContacts.memberId, ctx.actor?.memberId ?? ""), isNull(clients.deletedAt)))
      .orderBy(asc(clients.name), asc(clients.id)),
});
