import { eq } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { lockSeenClient } from "./find-client.ts";
import { ClientInput } from "./input.ts";

/** Brings a deleted client back with its workspace, its contacts and its staff. Throws not_found. */
export const restoreClient = command({
  event: "client.restored",
  permission: "clients:delete",
  input: ClientInput,
  async run({ db, ctx }, { clientId }) {
    const client = await lockSeenClient(db, ctx, clientId, { deleted: true });
    await db.update(clients).set({ deletedAt: null }).where(eq(clients.id, client.id));
    return { id: client.id };
  },
});
