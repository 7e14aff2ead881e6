import { and, eq } from "drizzle-orm";
import { clientStaff } from "#db/schema/clients.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockSeenClient } from "./find-client.ts";
import { ClientPersonInput } from "./input.ts";

/** Ends an assignment, with the next request of whoever sees assigned clients only. Throws not_found. */
export const unassignStaff = command({
  event: "client_staff.unassigned",
  permission: "clients:manage",
  input: ClientPersonInput,
  async run({ db, ctx }, { clientId, memberId }) {
    const client = await lockSeenClient(db, ctx, clientId);
    const [ended] = await db
      .delete(clientStaff)
      .where(and(eq(clientStaff.clientId, client.id), eq(clientStaff.memberId, memberId)))
      .returning();
    if (!ended) throw notFound();
    return { id: client.id, memberId };
  },
  audit: ({ id, memberId }) => [
    { event: "client_staff.unassigned", targetId: id, detail: { member: memberId } },
  ],
});
