import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { clientContacts, clientStaff, clients, workspaces } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { hasPermission, requirePermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { COUNTED } from "#lib/core/count-up-to.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { query } from "#lib/core/query.ts";
import { ClientsWish } from "./input.ts";
import { clientNameBegins } from "./name-begins.ts";

/** As many clients as one page shows. */
export const PAGE_SIZE = 100;

export type ListedClients = Awaited<ReturnType<typeof listClients>>;

/**
 * The firm's clients that the reader sees, a page at a time, with their workspace and the number of their contacts. The
 * deleted ones are for whoever may restore them.
 */
export const listClients = query({
  event: "clients.listed",
  permission: "clients:read",
  async run({ db, ctx }, wishes: unknown) {
    const wish = ClientsWish.parse(wishes);
    if (wish.state === "deleted") requirePermission(ctx, "clients:delete");
    if (wish.q !== "") await planAnew(db);
    const wanted = and(matching(wish), assignedTo(ctx, wish), seenClients(ctx));
    const found = await pageOf(db, ctx, wish, wanted);
    const shown = found.slice(0, PAGE_SIZE);
    const next = found.length > PAGE_SIZE ? shown.at(-1)?.id : undefined;
    return { ...wish, clients: shown, next };
  },
});

/** The page first, and what stands beside its rows for these alone. */
function pageOf(db: TenantDb, ctx: Context, { sort, after }: ClientsWish, wanted: SQL | undefined) {
  const order =
    sort === "name" ? [asc(clients.name), asc(clients.id)] : [desc(clients.createdAt), desc(clients.id)];
  const page = db
    .select()
    .from(clients)
    .where(and(wanted, after === undefined ? undefined : behind(ctx, sort, after)))
    .orderBy(...order)
    .limit(PAGE_SIZE + 1)
    .as("clients");
  return db
    .select({
      id: page.id,
      name: page.name,
      workspaceId: workspaces.id,
      contacts: CONTACTS,
      version: page.version,
      createdAt: page.createdAt,
      deletedAt: page.deletedAt,
    })
    .from(page)
    .innerJoin(workspaces, eq(workspaces.clientId, page.id))
    .orderBy(...order);
}

/** Counted up to `COUNTED`: one client of many thousands must not cost more than the page. */
const CONTACTS = sql<number>`(select count(*) from (
  select from ${clientContacts} join ${members} on ${members.id} = ${clientContacts.memberId}
   where ${clientContacts.clientId} = ${clients.id} and ${members.deletedAt} is null limit ${COUNTED}) counted)`.mapWith(
  Number,
);

/** By the beginning of any word of the name. */
function matching({ q, state }: ClientsWish): SQL | undefined {
  const there = state === "deleted" ? isNotNull(clients.deletedAt) : isNull(clients.deletedAt);
  return and(there, q === "" ? undefined : clientNameBegins(q));
}

function assignedTo({ actor }: Context, { assigned }: ClientsWish): SQL | undefined {
  if (assigned !== "me") return undefined;
  return sql`${clients.id} in (
    select ${clientStaff.clientId} from ${clientStaff} where ${clientStaff.memberId} = ${actor?.memberId ?? null})`;
}

/** Everything after one of the clients that the reader sees. When that one is gone there is nothing. */
function behind(ctx: Context, sort: ClientsWish["sort"], id: string): SQL {
  const [column, sign] = sort === "name" ? [clients.name, sql`>`] : [clients.createdAt, sql`<`];
  const there = hasPermission(ctx, "clients:delete") ? undefined : isNull(clients.deletedAt);
  const last = and(eq(clients.id, id), seenClients(ctx), there);
  return sql`(${column}, ${clients.id}) ${sign} (select ${column}, ${clients.id} from ${clients} where ${last})`;
}
