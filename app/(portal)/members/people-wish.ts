import type { PeopleFilters } from "#lib/members/page-of-members.ts";
import { ENROLMENT_STATES } from "#lib/policy/enrolment.ts";

/** What is chosen in a list of people, for its address; nothing for what is not. */
export function wishOf({ q, sort, ...filters }: PeopleFilters): Record<string, string> {
  return { ...(q !== "" && { q }), ...(sort !== "name" && { sort }), ...filtersOf(filters) };
}

/** The filters alone, which also say who "everybody" of a list is. */
export function filtersOf({
  status,
  group,
  client,
  factor,
  state,
}: Partial<PeopleFilters>): Record<string, string> {
  const chosen = Object.entries({ status, group, client, factor, state });
  return Object.fromEntries(
    chosen.filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => !!entry[1]),
  );
}

/** In the order of which column the rows are, for its heading. */
function sortedBy(column: string, { sort }: PeopleFilters): "ascending" | "descending" | undefined {
  if (sort.replace("-", "") !== column) return undefined;
  return sort.startsWith("-") ? "descending" : "ascending";
}

type Place = "name" | "login";

/** What the heading of a column says of the order, and where it leads: the other way round for whoever is there already. */
export function sortable(place: Place, path: "/members" | "/contacts", filters: PeopleFilters) {
  const sorted = sortedBy(place, filters);
  const [usual, other] = USUAL_ORDER[place];
  const sort = filters.sort === usual ? other : usual;
  return { sorted, sortHref: `${path}?${new URLSearchParams(wishOf({ ...filters, sort }))}` };
}

/** Who came last is asked for more often than who came longest ago. */
const USUAL_ORDER = { name: ["name", "-name"], login: ["-login", "login"] } as const;

export const FACTOR_CHOICES = Object.entries(ENROLMENT_STATES).map(([value, label]) => ({ value, label }));

export const SORT_CHOICES: { value: PeopleFilters["sort"]; label: string }[] = [
  { value: "name", label: "Name, A to Z" },
  { value: "-name", label: "Name, Z to A" },
  { value: "-login", label: "Last login, newest first" },
  { value: "login", label: "Last login, longest ago" },
  { value: "-created", label: "Created, newest first" },
  { value: "created", label: "Created, oldest first" },
];
