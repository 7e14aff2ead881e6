import { and, asc, count, eq, getTableColumns, like, or, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Member } from "./find-member.ts";

/** As many people as one page shows. */
export const PAGE_SIZE = 100;

/** From an address bar: what makes no sense there is no wish. */
export const PageWish = z
  .object({ q: z.string().trim().max(254).catch(""), after: z.uuid().optional().catch(undefined) })
  .catch({ q: "", after: undefined });

export type MemberPage = {
  people: Member[];
  /** How many match in all. */
  total: number;
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
};

/** One page of the people whose name, username or address begins with what was typed, by name. */
export async function pageOfMembers(
  db: TenantDb,
  search: Search,
  after: string | undefined,
): Promise<MemberPage> {
  const wanted = matching(search);
  const [all] = await db.select({ total: count() }).from(members).where(wanted);
  const people = await db
    .select(getTableColumns(members))
    .from(members)
    .where(and(wanted, after === undefined ? undefined : behind(after)))
    .orderBy(...BY_NAME)
    .limit(PAGE_SIZE + 1);
  const next = people.length > PAGE_SIZE ? people[PAGE_SIZE - 1]?.id : undefined;
  return { people: people.slice(0, PAGE_SIZE), total: all?.total ?? 0, next };
}

export type Search = {
  kind: Member["kind"];
  typed: string;
  /** Whether the addresses may be looked for: whoever sees them masked must not find them out by trying. */
  byAddress: boolean;
  /** Narrows to whom the reader sees (E7). */
  seen?: SQL;
};

/** Names are known by their first or their last part; usernames and addresses by how they begin. */
export function matching({ kind, typed, byAddress, seen }: Search): SQL | undefined {
  const text = typed.trim().toLowerCase();
  const ofKind = and(eq(members.kind, kind), seen);
  if (text === "") return ofKind;
  const begin = `${text.replace(/[\\%_]/g, "\\$&")}%`;
  const name = sql`lower(${members.name})`;
  const username = like(members.usernameKey, begin);
  const ways = [
    like(name, begin),
    like(name, `% ${begin}`),
    byAddress ? username : and(username, sql`position('@' in ${members.usernameKey}) = 0`),
    byAddress ? like(members.emailKey, begin) : undefined,
  ];
  return and(ofKind, or(...ways));
}

/** By name; two people of one name in the same order each time. */
export const BY_NAME = [asc(members.name), asc(members.id)];

/** Everybody after somebody. When that somebody is gone there is nobody. */
function behind(id: string): SQL {
  return sql`(${members.name}, ${members.id}) > (select m.name, m.id from ${members} m where m.id = ${id})`;
}
