import { type SQL, sql } from "drizzle-orm";
import { parseFilter } from "./filter.ts";
import type { Columns } from "./filter-condition.ts";
import { conditionOf, orderOf } from "./filter-condition.ts";
import type { Json } from "./read-resource.ts";
import { refusal } from "./scim-error.ts";

/** What a list is asked by (RFC 7644 3.4.2). */
export type ListWish = {
  filter?: string;
  sortBy?: string;
  sortOrder?: string;
  startIndex?: string;
  count?: string;
};

const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** As many as one page holds, and as it holds where nobody says. */
export const MOST_RESULTS = 200;
const USUAL_RESULTS = 100;

export type Page = { offset: number; limit: number };

/** Below the first is the first, and less than nothing is nothing (RFC 7644 3.4.2.4). */
export function pageOf({ startIndex, count }: ListWish): Page {
  return {
    offset: Math.max(1, wholeNumber("startIndex", startIndex) ?? 1) - 1,
    limit: Math.min(MOST_RESULTS, Math.max(0, wholeNumber("count", count) ?? USUAL_RESULTS)),
  };
}

function wholeNumber(name: string, typed: string | undefined): number | undefined {
  if (typed === undefined || typed === "") return undefined;
  if (!/^-?\d{1,9}$/.test(typed)) throw refusal("invalidValue", `${name} is a whole number.`);
  return Number(typed);
}

export function filterOf(columns: Columns, { filter }: ListWish): SQL | undefined {
  return filter === undefined || filter === "" ? undefined : conditionOf(columns, parseFilter(filter));
}

/** The order that was asked for; undefined for the usual one, the oldest first. */
export function sortedBy(columns: Columns, { sortBy, sortOrder }: ListWish): SQL | undefined {
  if (!sortBy) return undefined;
  const direction = sortOrder?.toLowerCase() === "descending" ? sql`desc nulls first` : sql`asc nulls last`;
  return sql`${orderOf(columns, sortBy)} ${direction}`;
}

export function listOf(resources: Json[], total: number, { offset }: Page): Json {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex: offset + 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
