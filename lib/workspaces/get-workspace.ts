import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { clients, workspaces } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { contactsOf } from "#lib/clients/get-client-contacts.ts";
import { type Colleague, staffOf } from "#lib/clients/staff-of.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import type { AccessState } from "#lib/policy/access-state.ts";
import { type Activity, recentActivity } from "./recent-activity.ts";

export type Workspace = {
  id: string;
  clientId: string;
  clientName: string;
  /** A page of them, by name. How access stands is for the firm's staff alone. */
  contacts: { id: string; name: string; access?: AccessState | undefined }[];
  total: number;
  /** Where this page of them begins; undefined on the first one. */
  after: string | undefined;
  /** Where the next one begins; undefined on the last one. */
  next: string | undefined;
  /** What the firm's staff see beside; nothing of it for the client's contacts. */
  firm: { staff: Colleague[]; activity: Activity[] } | undefined;
};

/** From an address bar: what makes no sense there is the first page. */
const Place = z.uuid().optional().catch(undefined);

type Wish = {
  workspaceId: string;
  /** Where the page of contacts begins: what the one before gave as its next. */
  after?: unknown;
};

/**
 * A client's workspace, for staff who see the client and for the client's own contacts. To anybody else, and once the
 * client is deleted, it does not exist: throws not_found.
 */
export const getWorkspace = query({
  event: "workspace.read",
  permission: "workspaces:enter",
  async run({ db, ctx }, { workspaceId, ...wish }: Wish): Promise<Workspace> {
    const isStaff = ctx.actor?.kind === "staff";
    if (!isId(workspaceId) || (isStaff && !hasPermission(ctx, "clients:read"))) throw notFound();
    const [row] = await db
      .select({ id: workspaces.id, clientId: clients.id, clientName: clients.name })
      .from(workspaces)
      .innerJoin(clients, eq(clients.id, workspaces.clientId))
      .where(and(eq(workspaces.id, workspaceId), isNull(clients.deletedAt), seenClients(ctx)));
    if (!row) throw notFound();
    const after = Place.parse(wish.after);
    const { contacts, total, next } = await contactsOf(db, ctx, { clientId: row.clientId, after });
    const page = { total, after, next };
    if (!isStaff) return { ...row, ...page, contacts: contacts.map(nameOnly), firm: undefined };
    const known = contacts.map((contact) => ({ ...nameOnly(contact), access: contact.access }));
    return { ...row, ...page, contacts: known, firm: await firmSide(db, ctx, row.clientId) };
  },
});

/** All that people of one client need to know of each other here. */
function nameOnly({ id, name }: { id: string; name: string }) {
  return { id, name };
}

async function firmSide(db: TenantDb, ctx: RunContext, clientId: string): Promise<Workspace["firm"]> {
  return { staff: await staffOf(db, clientId), activity: await recentActivity(db, ctx, clientId) };
}
