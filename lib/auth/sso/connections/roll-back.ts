import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { ConnectionInput } from "./input.ts";
import { putFormerBack } from "./switch-configuration.ts";

/**
 * Lets what served before serve again, as long as it may (G4).
 * @throws DomainError not_found, conflict
 */
export const rollBack = command({
  event: "connection.rolled_back",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: ConnectionInput,
  async run({ db, ctx }, { connectionId }) {
    await lockUsedConnection(db, connectionId);
    const back = await putFormerBack(db, ctx.now, connectionId, "by_administrator");
    if (!back) throw conflict("connectionId", "There is nothing to go back to any more.");
    return { connectionId, configurationId: back.id };
  },
  audit: ({ connectionId, configurationId }) => [
    {
      event: "connection.rolled_back",
      targetId: connectionId,
      reason: "by_administrator",
      detail: { configuration: configurationId },
    },
  ],
});
