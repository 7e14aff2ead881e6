import type { PeopleFilters } from "#lib/members/page-of-members.ts";

/** What is chosen in a list of people, for its address; nothing for what is not. */
export function wishOf({ q, sort, ...filters }: PeopleFilters): Record<string, string> {
  return { ...(q !== "" && { q }), ...(sort !== "name" && { sort }), ...filtersOf(filters) };
}

/** The filters alone, which also say who "everybody" of a list is. */
export function filtersOf({ status, group, client, state }: Partial<PeopleFilters>): Record<string, string> {
  const chosen = Object.entries({ status, group, client, state });
  return Object.fromEntries(
    chosen.filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => !!entry[1]),
  );
}

/** In the order of which column the rows are, for its heading. */
export function sortedBy(column: string, { sort }: PeopleFilters): "ascending" | "descending" | undefined {
  if (sort.replace("-", "") !== column) return undefined;
  return sort.startsWith("-") ? "descending" : "ascending";
}

export const SORT_CHOICES: { value: PeopleFilters["sort"]; label: string }[] = [
  { value: "name", label: "Name, A to Z" },
  { value: "-name", label: "Name, Z to A" },
  { value: "-login", label: "Last login, newest first" },
  { value: "login", label: "Last login, longest ago" },
  { value: "-created", label: "Created, newest first" },
  { value: "created", label: "Created, oldest first" },
];
