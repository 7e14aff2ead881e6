import { clientContacts } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { conflict, notFound } from "#lib/core/errors.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { lockSeenClient } from "./find-client.ts";
import { ClientPersonInput } from "./input.ts";

/**
 * Makes somebody who is a contact already one of this client too. Whoever sees assigned clients only cannot get hold of
 * another client's contact in this way (E7).
 * @throws DomainError not_found, conflict
 */
export const addContact = command({
  event: "client_contact.added",
  permission: "clients:manage",
  input: ClientPersonInput,
  async run({ db, ctx }, { clientId, memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    const client = await lockSeenClient(db, ctx, clientId);
    if (member.kind !== "contact") throw notFound();
    const [added] = await db
      .insert(clientContacts)
      .values({ clientId: client.id, memberId: member.id })
      .onConflictDoNothing()
      .returning();
    if (!added) throw conflict("memberId", "This person is a contact of the client already.");
    return { id: client.id, memberId: member.id };
  },
  audit: ({ id, memberId }) => [
    { event: "client_contact.added", targetId: id, detail: { member: memberId } },
  ],
});
