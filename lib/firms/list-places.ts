import { and, asc, eq, isNull } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { query } from "#lib/core/query.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { type LinkedFirm, type Need, readLinkedFirms } from "./linked-firms.ts";

/** Above this many a search helps more than looking. */
const SEARCH_FROM = 9;
export const PLACES_A_PAGE = 50;

export type Place = {
  id: string;
  kind: "own_firm" | "client" | "linked_firm";
  name: string;
  /** A path of this host, or the address of another firm's; undefined where nobody gets in now. */
  href: string | undefined;
  /** As what one goes there. */
  as: "staff" | "contact";
  need?: Need;
  lastSignInAt?: Date;
};

export type Places = {
  places: Place[];
  total: number;
  searchable: boolean;
  page: number;
  next: number | undefined;
  /** Where to go without asking, when there is nowhere else. */
  only: string | undefined;
};

type Wish = { q?: string | undefined; page?: number | undefined };

/**
 * Where somebody may go: the firm as its staff, its clients as their contact, and the firms that they have linked, last
 * used first (002-03, X10). Two statements, whatever their number.
 */
export const listPlaces = query({
  event: "places.listed",
  permission: "member",
  async run({ db, ctx }, { q = "", page = 1 }: Wish): Promise<Places> {
    const memberId = ctx.actor?.memberId ?? "";
    const own = ownFirm(ctx);
    const here = await clientsOf(db, memberId);
    const linked = await readLinkedFirms(db, memberId);
    return pageOf([...(own ? [own] : []), ...here, ...linked.map(placeOf)], q, page);
  },
});

/** The page that staff begin with, by what they may do. */
const DOORS: [Permission, string][] = [
  ["clients:read", "/workspaces"],
  ["members:read", "/members"],
  ["reports:read", "/reports/access"],
  ["settings:manage", "/settings"],
];

function ownFirm(ctx: Context): Place | undefined {
  const door = DOORS.find(([permission]) => hasPermission(ctx, permission));
  if (!door || ctx.actor?.kind !== "staff") return undefined;
  const { id, name } = ctx.tenant;
  return { id, kind: "own_firm", name, href: door[1], as: "staff" };
}

async function clientsOf(db: TenantDb, memberId: string): Promise<Place[]> {
  const rows = await db
    .select({ id: workspaces.id, name: clients.name })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .innerJoin(workspaces, eq(workspaces.clientId, clients.id))
    .where(and(eq(clientContacts.memberId, memberId), isNull(clients.deletedAt)))
    .orderBy(asc(clients.name), asc(clients.id));
  return rows.map(({ id, name }) => ({ id, kind: "client", name, href: `/workspaces/${id}`, as: "contact" }));
}

function placeOf({ id, slug, name, kind, username, lastSignInAt, need }: LinkedFirm): Place {
  const closed = need === "access_switched_off" || need === "invitation";
  const href = closed ? undefined : `${firmOrigin(slug)}/sign-in?name=${encodeURIComponent(username)}`;
  return { id, kind: "linked_firm", name, href, as: kind, need, ...(lastSignInAt && { lastSignInAt }) };
}

function pageOf(all: Place[], q: string, page: number): Places {
  const words = q.trim().toLowerCase();
  const found = all.filter(({ name }) => name.toLowerCase().includes(words));
  const end = page * PLACES_A_PAGE;
  return {
    places: found.slice(end - PLACES_A_PAGE, end),
    total: all.length,
    searchable: all.length >= SEARCH_FROM,
    page,
    next: end < found.length ? page + 1 : undefined,
    only: onlyOne(all),
  };
}

function onlyOne([place, ...more]: Place[]): string | undefined {
  return more.length === 0 && place?.kind !== "linked_firm" ? place?.href : undefined;
}
