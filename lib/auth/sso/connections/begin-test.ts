import { eq } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { configurationsOf, lockUsedConnection } from "./find-connection.ts";
import { ConnectionInput } from "./input.ts";

/**
 * Lets an administrator sign in by the draft, to see what comes of it: no session, and nobody is found or made. Gives what
 * the browser is to be sent away with.
 * @throws DomainError not_found, conflict
 */
export const beginTest = command({
  event: "connection.test_begun",
  permission: "sso:manage",
  input: ConnectionInput,
  async run({ db }, { connectionId }) {
    const connection = await lockUsedConnection(db, connectionId);
    const { draft } = await configurationsOf(db, connectionId);
    if (!draft) throw conflict("connectionId", "There is no draft to test.");
    if (connection.state === "draft") {
      await db.update(connections).set({ state: "testing" }).where(eq(connections.id, connectionId));
    }
    return { connection, configuration: draft };
  },
  audit: ({ connection, configuration }) => [
    {
      event: "connection.test_begun",
      targetId: connection.id,
      detail: { configuration: configuration.id },
    },
  ],
});
