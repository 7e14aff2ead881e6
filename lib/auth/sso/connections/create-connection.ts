import { connections } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { CreateConnectionInput } from "./input.ts";

/**
 * Begins a connection with an identity provider. It signs nobody in before it has been tested and put into service.
 * @throws DomainError invalid, conflict
 */
export const createConnection = command({
  event: "connection.created",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: CreateConnectionInput,
  async run({ db }, input) {
    const [connection] = await db.insert(connections).values(input).onConflictDoNothing().returning();
    if (!connection) throw nameTaken();
    return connection;
  },
  audit: ({ id, kind, name }) => [{ event: "connection.created", targetId: id, detail: { kind, name } }],
});

export function nameTaken() {
  return conflict("name", "Another connection has this name.");
}
