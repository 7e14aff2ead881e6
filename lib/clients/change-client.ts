import { eq } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { requireVersion } from "#lib/members/require-version.ts";
import { type Client, lockSeenClient } from "./find-client.ts";
import { ChangeClientInput } from "./input.ts";
import { requireFreeName } from "./require-free-name.ts";
import { whyNameTaken } from "./why-name-taken.ts";

/**
 * Gives a client another name.
 * @throws DomainError not_found, invalid, conflict where the name is taken or somebody else was quicker
 */
export const changeClient = command({
  event: "client.changed",
  permission: "clients:manage",
  input: ChangeClientInput,
  async run({ db, ctx }, { clientId, name, version }) {
    const client = await lockSeenClient(db, ctx, clientId);
    requireVersion(client, version, { typed: { name }, saved: { name: client.name } });
    if (client.name === name) return { id: client.id, version: client.version };
    await requireFreeName(db, ctx, name, client.id);
    const changed = await rename(db, client, name);
    if (!changed) throw await whyNameTaken(db, ctx, name);
    return { id: changed.id, version: changed.version };
  },
});

/** In a savepoint: what the constraint refuses can still be explained. Undefined where the name is taken. */
async function rename(db: TenantDb, { id }: Client, name: string): Promise<Client | undefined> {
  try {
    const [changed] = await db.transaction((savepoint) =>
      savepoint.update(clients).set({ name }).where(eq(clients.id, id)).returning(),
    );
    return changed;
  } catch (error) {
    if (isNameTaken(error)) return undefined;
    throw error;
  }
}

function isNameTaken(error: unknown): boolean {
  const cause =
    error instanceof Error ? (error.cause as { constraint_name?: string } | undefined) : undefined;
  return cause?.constraint_name === "clients_name_key";
}
