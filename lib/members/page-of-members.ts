import { and, asc, eq, getTableColumns, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members, memberSearchTerms as terms } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients, seenContacts } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { COUNTED, countOf, ONE, upTo } from "#lib/core/count-up-to.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { SearchText } from "#lib/core/search-text.ts";
import { ENROLMENT_STATES, type EnrolmentState } from "#lib/policy/enrolment.ts";
import {
  policyOf,
  readSecurityOptions,
  type SecurityPolicy,
  type StoredPolicy,
} from "#lib/settings/read-security-options.ts";
import { beginsWith, rowBegins } from "./begins-with.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import { enrolmentIs } from "./enrolment.ts";
import { type Choice, filterChoices } from "./filter-choices.ts";
import type { Member } from "./find-member.ts";
import { type Person, readPeople } from "./read-people.ts";
import { seesAddresses } from "./shown-address.ts";

/** As many people as one page shows. */
export const PAGE_SIZE = 100;

/** What a list can be sorted by; a minus turns it round. Who never signed in came longest ago. */
export const SORTS = ["name", "-name", "login", "-login", "created", "-created"] as const;

const ENROLMENTS = Object.keys(ENROLMENT_STATES) as [EnrolmentState, ...EnrolmentState[]];

/** From an address bar: what makes no sense there is no wish. */
export const PeopleFilters = z
  .object({
    q: SearchText,
    sort: z.enum(SORTS).catch("name"),
    status: z.enum(["enabled", "disabled"]).optional().catch(undefined),
    group: z.uuid().optional().catch(undefined),
    client: z.uuid().optional().catch(undefined),
    /** Where they stand with second factors. */
    factor: z.enum(ENROLMENTS).optional().catch(undefined),
    /** Deleted people instead of those who are there. */
    state: z.literal("deleted").optional().catch(undefined),
  })
  .catch({ q: "", sort: "name" });

export type PeopleFilters = z.output<typeof PeopleFilters>;

/** Programs say a number; what stands in an address bar is text, and no wish. */
const Part = z
  .object({
    after: z.uuid().optional().catch(undefined),
    limit: z.int().min(1).max(PAGE_SIZE).catch(PAGE_SIZE),
  })
  .catch({ after: undefined, limit: PAGE_SIZE });

type Part = z.output<typeof Part>;

/** What a page of a list is asked for by, with the place where it begins and how many it has at most. */
export function pageWish(wish: unknown): Part & { filters: PeopleFilters } {
  return { filters: PeopleFilters.parse(wish), ...Part.parse(wish) };
}

type PeoplePage = {
  people: Person[];
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
};

/** A page with what its people are judged by: what counts in this firm now. */
export type JudgedPage = PeoplePage & { policy: SecurityPolicy };

export type MemberPage = JudgedPage & {
  /** How many match in all, counted up to `COUNTED`; of what is searched, up to one more than a page. */
  total: number;
  /** What the list can be narrowed to. */
  choices: Choice[];
};

type Kind = Member["kind"];

type Wish = ReturnType<typeof pageWish>;

/**
 * One page of the people of a kind whom the reader sees and the filters let through, in two statements (PERF11): the people
 * with all that is told of them, and what stands around the list.
 */
export async function pageOfMembers(
  db: TenantDb,
  ctx: RunContext,
  kind: Kind,
  { filters, after, limit }: Wish,
): Promise<MemberPage> {
  const wanted = await chosenBy(db, ctx, kind, filters);
  const page = await peopleAfter(db, ctx, { wanted, places: seenOfKind(ctx, kind), filters, after, limit });
  // What is searched is counted no further than its first page has been read.
  const isRead = filters.q !== "" && after === undefined && limit === PAGE_SIZE;
  const count = isRead ? lengthOf(page) : countOf(inOrder(db, wanted, filters));
  return { ...page, ...(await readAround(db, ctx, kind, count)) };
}

/** The same for a program, to which nothing is said of the list but its people: nothing is counted. */
export async function pageOfPeople(
  db: TenantDb,
  ctx: RunContext,
  kind: Kind,
  { filters, after, limit }: Wish,
): Promise<JudgedPage> {
  const wanted = await chosenBy(db, ctx, kind, filters);
  const page = await peopleAfter(db, ctx, { wanted, places: seenOfKind(ctx, kind), filters, after, limit });
  return { ...page, policy: await readSecurityOptions(db) };
}

const lengthOf = ({ people, next }: PeoplePage): SQL =>
  sql`${people.length + (next === undefined ? 0 : 1)}::integer`;

type Around = { total: number; choices: Choice[]; policy: StoredPolicy };

async function readAround(db: TenantDb, ctx: Context, kind: Kind, count: SQL) {
  const [row] = await db.execute<Around>(sql`
    select ${count} as total, current_policy() as policy, ${filterChoices(db, ctx, kind)} as choices`);
  return { total: row?.total ?? 0, choices: row?.choices ?? [], policy: policyOf(row?.policy) };
}

/**
 * As many of them as are counted, of what is searched a page and one more. In the order of the list, since they are in its
 * index: without it PostgreSQL may begin to read the table, where other firms may come first. Without the id, which not every
 * index has.
 */
function inOrder(db: TenantDb, wanted: SQL | undefined, { q, sort }: PeopleFilters) {
  return db
    .select(ONE)
    .from(members)
    .where(wanted)
    .orderBy(inPlace(sort))
    .limit(upTo(q === "" ? COUNTED : PAGE_SIZE + 1));
}

type Wanted = Part & {
  wanted: SQL | undefined;
  /** Who may be named as the place where the page begins: anybody where no reader names it. */
  places: SQL | undefined;
  filters: Pick<PeopleFilters, "sort">;
};

/** So many of the people who are wanted, from behind somebody on, in the order of the list. */
export async function peopleAfter(
  db: TenantDb,
  ctx: Context,
  { wanted, places, filters: { sort }, after, limit }: Wanted,
): Promise<PeoplePage> {
  const chosen = db
    .select(getTableColumns(members))
    .from(members)
    .where(and(wanted, after === undefined ? undefined : behind(after, places, sort)))
    .orderBy(...orderBy(sort))
    .limit(upTo(limit + 1));
  const people = await readPeople(db, ctx, chosen, orderBy(sort));
  const next = people.length > limit ? people[limit - 1]?.id : undefined;
  return { people: people.slice(0, limit), next };
}

/** Everybody whom the reader sees and the filters let through. Deleted ones are for those who may delete. */
export async function chosenBy(
  db: TenantDb,
  ctx: RunContext,
  kind: Kind,
  filters: PeopleFilters,
): Promise<SQL | undefined> {
  const { q, status, group, client, factor, state } = filters;
  if (q !== "" || client !== undefined || factor !== undefined) await planAnew(db);
  const deleted = state === "deleted" && hasPermission(ctx, DELETION_NEEDS[kind]);
  return and(
    matching({
      ...{ kind, typed: q, byAddress: seesAddresses(ctx, kind) },
      seen: kind === "contact" ? seenContacts(ctx) : undefined,
    }),
    deleted
      ? and(HAS_STATUS.disabled, isNotNull(members.deletedAt), isNull(members.erasedAt))
      : isNull(members.deletedAt),
    status && HAS_STATUS[status],
    group === undefined ? undefined : eq(members.securityGroupId, group),
    await enrolmentIs(db, ctx, factor),
    client !== undefined && kind === "contact" ? ofClient(ctx, client) : undefined,
  );
}

/** Written out, not handed over: the index of those who are disabled is found by it. */
const HAS_STATUS = {
  enabled: sql`${members.status} = 'enabled'`,
  disabled: sql`${members.status} = 'disabled'`,
};

/** The contacts of one client, where the reader sees it. */
function ofClient(ctx: Context, client: string): SQL {
  const seen = and(eq(clients.id, client), isNull(clients.deletedAt), seenClients(ctx));
  return sql`${members.id} in (
    select ${clientContacts.memberId} from ${clientContacts}
      join ${clients} on ${clients.id} = ${clientContacts.clientId} where ${seen})`;
}

export type Search = {
  kind: Kind;
  typed: string;
  /** Whether the addresses may be looked for: whoever sees them masked must not find them out by trying. */
  byAddress: boolean;
  /** Narrows to whom the reader sees (E7). */
  seen?: SQL;
};

/** Names are known by any of their words and what follows it; usernames and addresses by how they begin. */
export function matching({ kind, typed, byAddress, seen }: Search): SQL | undefined {
  const text = typed.trim().toLowerCase();
  const ofKind = and(eq(members.kind, kind), seen);
  if (text === "") return ofKind;
  const found = and(beginsWith(text), byAddress ? undefined : ne(terms.kind, "address"));
  return and(
    ofKind,
    rowBegins(text),
    sql`${members.id} in (select ${terms.memberId} from ${terms} where ${found})`,
  );
}

/** What somebody is placed by; two people of one place stand in the order of their ids. */
const PLACES = {
  name: sql`${members.name}`,
  login: sql`coalesce(${members.lastSignInAt}, '-infinity'::timestamptz)`,
  created: sql`${members.createdAt}`,
};

/** By name; two people of one name in the same order each time. */
export const BY_NAME = [asc(members.name), asc(members.id)];

function orderBy(sort: PeopleFilters["sort"]): SQL[] {
  return [inPlace(sort), sql`${members.id} ${directionOf(sort)}`];
}

function inPlace(sort: PeopleFilters["sort"]): SQL {
  return sql`${placeBy(sort)} ${directionOf(sort)}`;
}

function directionOf(sort: PeopleFilters["sort"]): SQL {
  return sql.raw(isTurned(sort) ? "desc" : "asc");
}

/**
 * Everybody after somebody who is among `places`. When there is no such person there is nobody: an order in which whoever is
 * not seen had a place would tell of them (E7).
 */
export function behind(id: string, places: SQL | undefined, sort: PeopleFilters["sort"] = "name"): SQL {
  const sign = sql.raw(isTurned(sort) ? "<" : ">");
  // Without another name for the table, by which `places` would ask about those in the list.
  return sql`(${placeBy(sort)}, ${members.id}) ${sign} (
    select ${placeBy(sort)}, ${members.id} from ${members} where ${and(eq(members.id, id), places)})`;
}

/** Those of a kind whom the reader sees, whatever a list asks of them besides: who is changed between two pages keeps a place. */
export function seenOfKind(ctx: Context, kind: Kind): SQL | undefined {
  return and(
    eq(members.kind, kind),
    kind === "contact" ? seenContacts(ctx) : undefined,
    hasPermission(ctx, DELETION_NEEDS[kind]) ? isNull(members.erasedAt) : isNull(members.deletedAt),
  );
}

function placeBy(sort: PeopleFilters["sort"]): SQL {
  return PLACES[sort.replace("-", "") as keyof typeof PLACES];
}

function isTurned(sort: PeopleFilters["sort"]): boolean {
  return sort.startsWith("-");
}
