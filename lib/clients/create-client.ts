import { clientStaff, clients, workspaces } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { CreateClientInput } from "./input.ts";
import { requireFreeName } from "./require-free-name.ts";
import { whyNameTaken } from "./why-name-taken.ts";

/**
 * Adds a client and its workspace. Whoever sees assigned clients only is assigned to it, or could not go on with it.
 * @throws DomainError invalid, conflict where the name is taken
 */
export const createClient = command({
  event: "client.created",
  permission: "clients:manage",
  input: CreateClientInput,
  async run({ db, ctx }, { name }) {
    await requireFreeName(db, ctx, name);
    const [client] = await db.insert(clients).values({ name }).onConflictDoNothing().returning();
    if (!client) throw await whyNameTaken(db, ctx, name);
    const [workspace] = await db.insert(workspaces).values({ clientId: client.id }).returning();
    await assignAuthor(db, ctx, client.id);
    return { id: client.id, name: client.name, version: client.version, workspaceId: workspace?.id ?? "" };
  },
});

async function assignAuthor(db: TenantDb, { actor }: Context, clientId: string): Promise<void> {
  if (actor?.clientScope !== "assigned") return;
  await db.insert(clientStaff).values({ clientId, memberId: actor.memberId });
}
