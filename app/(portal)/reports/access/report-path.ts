import type { AccessFilters } from "#lib/reports/input.ts";

/** The address of the report with these filters, and with others instead of some of them. A change begins at the top. */
export function reportPath(filters: AccessFilters, changes: Partial<AccessFilters> = {}): string {
  const search = searchOf({ ...filters, after: undefined, ...changes });
  return search === "" ? "/reports/access" : `/reports/access?${search}`;
}

/** What is chosen, for an address; nothing for what is not. */
export function searchOf(filters: AccessFilters): string {
  return new URLSearchParams(wishOf(filters)).toString();
}

export function wishOf(filters: AccessFilters): Record<string, string> {
  const chosen = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(chosen);
}
