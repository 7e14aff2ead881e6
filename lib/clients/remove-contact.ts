import { and, eq } from "drizzle-orm";
import { clientContacts } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { lockSeenClient } from "./find-client.ts";
import { ClientPersonInput } from "./input.ts";

/** Ends that somebody is a contact of this client. The account stays, with its other clients. Throws not_found. */
export const removeContact = command({
  event: "client_contact.removed",
  permission: "clients:manage",
  input: ClientPersonInput,
  async run({ db, ctx }, { clientId, memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    const client = await lockSeenClient(db, ctx, clientId);
    const [removed] = await db
      .delete(clientContacts)
      .where(and(eq(clientContacts.clientId, client.id), eq(clientContacts.memberId, member.id)))
      .returning();
    if (!removed) throw notFound();
    return { id: client.id, memberId: member.id };
  },
  audit: ({ id, memberId }) => [
    { event: "client_contact.removed", targetId: id, detail: { member: memberId } },
  ],
});
