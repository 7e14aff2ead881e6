import { eq } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { requireSeenVersion } from "#lib/members/require-version.ts";
import { countContacts } from "./count-contacts.ts";
import { lockSeenClient } from "./find-client.ts";
import { DeleteClientInput } from "./input.ts";

/**
 * Takes a client and its workspace out of sight. Its name stays reserved and its contacts stay what they are: those who
 * belong to no other client have nothing to enter until it is restored.
 * @throws DomainError not_found, conflict where somebody else was quicker
 */
export const deleteClient = command({
  event: "client.deleted",
  permission: "clients:delete",
  stepUp: "client:delete",
  input: DeleteClientInput,
  async run({ db, ctx }, { clientId, version }) {
    const client = await lockSeenClient(db, ctx, clientId);
    requireSeenVersion(client, version);
    const contacts = await countContacts(db, client.id);
    await db.update(clients).set({ deletedAt: ctx.now }).where(eq(clients.id, client.id));
    return { id: client.id, contacts: contacts.all, withoutAnother: contacts.only };
  },
  audit: ({ id, ...detail }) => [{ event: "client.deleted", targetId: id, detail }],
});
