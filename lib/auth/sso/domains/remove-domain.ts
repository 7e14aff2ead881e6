import { eq } from "drizzle-orm";
import { connectionDomains } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { lockUsedConnection } from "../connections/find-connection.ts";
import { requireDomain } from "./find-domain.ts";
import { DomainInput } from "./input.ts";

/**
 * Takes a domain away: its addresses lead to no connection any more. Who is linked stays linked.
 * @throws DomainError not_found, conflict
 */
export const removeDomain = command({
  event: "domain.removed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: DomainInput,
  async run({ db }, input) {
    await lockUsedConnection(db, input.connectionId);
    const row = await requireDomain(db, input);
    await db.delete(connectionDomains).where(eq(connectionDomains.id, row.id));
    return row;
  },
  audit: ({ connectionId, domain }) => [
    { event: "domain.removed", targetId: connectionId, detail: { domain } },
  ],
});
