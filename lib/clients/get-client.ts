import { eq } from "drizzle-orm";
import { workspaces } from "#db/schema/clients.ts";
import { query } from "#lib/core/query.ts";
import { countFirstContacts } from "./count-contacts.ts";
import { findSeenClient } from "./find-client.ts";
import { staffOf } from "./staff-of.ts";

export type ClientRecord = Awaited<ReturnType<typeof getClient>>;

/** The record of a client: its workspace, how many contacts it has (counted up to `COUNTED`), and the staff assigned to it. Throws not_found. */
export const getClient = query({
  event: "client.read",
  permission: "clients:read",
  async run({ db, ctx }, clientId: string) {
    const { id, name, version, createdAt } = await findSeenClient(db, ctx, clientId);
    const [workspace] = await db.select().from(workspaces).where(eq(workspaces.clientId, id));
    const contacts = await countFirstContacts(db, id);
    const staff = await staffOf(db, id);
    return { id, name, version, createdAt, workspaceId: workspace?.id ?? "", contacts, staff };
  },
});
