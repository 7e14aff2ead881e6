import { and, eq } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { contactsOf } from "#lib/clients/get-client-contacts.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";

/**
 * A client's workspace, for the firm's staff and for the client's own contacts. To anybody else it does not exist:
 * throws not_found.
 */
export const getWorkspace = query({
  event: "workspace.read",
  permission: "workspaces:enter",
  async run({ db, ctx }, workspaceId: string) {
    if (!isId(workspaceId)) throw notFound();
    const [row] = await db
      .select({ id: workspaces.id, clientId: clients.id, clientName: clients.name })
      .from(workspaces)
      .innerJoin(clients, eq(clients.id, workspaces.clientId))
      .where(eq(workspaces.id, workspaceId));
    if (!row || !(await mayEnter(db, ctx, row.clientId))) throw notFound();
    const contacts = await contactsOf(db, row.clientId);
    return { ...row, contacts: contacts.map(({ id, name }) => ({ id, name })) };
  },
});

async function mayEnter(db: TenantDb, ctx: Context, clientId: string): Promise<boolean> {
  if (ctx.actor?.kind === "staff") return hasPermission(ctx, "clients:read");
  const [row] = await db
    .select({ clientId: clientContacts.clientId })
    .from(clientContacts)
    .where(
      and(eq(clientContacts.clientId, clientId), eq(clientContacts.memberId, ctx.actor?.memberId ?? "")),
    );
  return row !== undefined;
}
