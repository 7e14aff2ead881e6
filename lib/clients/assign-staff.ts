import { clientStaff } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { conflict, notFound } from "#lib/core/errors.ts";
import { lockReachableMember } from "#lib/members/lock-reachable-member.ts";
import { lockSeenClient } from "./find-client.ts";
import { ClientPersonInput } from "./input.ts";

/**
 * Assigns somebody of the staff to a client: whose security group sees assigned clients only, sees this one from now on
 * (E7).
 * @throws DomainError not_found, conflict
 */
export const assignStaff = command({
  event: "client_staff.assigned",
  permission: "clients:manage",
  input: ClientPersonInput,
  async run({ db, ctx }, { clientId, memberId }) {
    const member = await lockReachableMember(db, ctx, memberId);
    const client = await lockSeenClient(db, ctx, clientId);
    if (member.kind !== "staff") throw notFound();
    const [assigned] = await db
      .insert(clientStaff)
      .values({ clientId: client.id, memberId: member.id })
      .onConflictDoNothing()
      .returning();
    if (!assigned) throw conflict("memberId", "This person is assigned to the client already.");
    return { id: client.id, memberId: member.id };
  },
  audit: ({ id, memberId }) => [
    { event: "client_staff.assigned", targetId: id, detail: { member: memberId } },
  ],
});
