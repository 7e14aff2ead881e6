import { eq } from "drizzle-orm";
import { connectionConfigurations } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { configurationsOf, lockUsedConnection } from "./find-connection.ts";
import { ConnectionInput } from "./input.ts";

/**
 * Throws a draft away. What serves goes on.
 * @throws DomainError not_found, conflict
 */
export const discardDraft = command({
  event: "connection.draft_discarded",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: ConnectionInput,
  async run({ db }, { connectionId }) {
    await lockUsedConnection(db, connectionId);
    const { draft } = await configurationsOf(db, connectionId);
    if (!draft) throw notFound();
    await db.delete(connectionConfigurations).where(eq(connectionConfigurations.id, draft.id));
    return { connectionId, configurationId: draft.id };
  },
  audit: ({ connectionId, configurationId }) => [
    {
      event: "connection.draft_discarded",
      targetId: connectionId,
      detail: { configuration: configurationId },
    },
  ],
});
