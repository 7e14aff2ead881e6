import type { AuditFilters } from "#lib/audit/input.ts";

/** What is chosen, for an address; nothing for what is not. The place is no part of it: another choice begins at the top. */
export function wishOf({ after: _, ...filters }: AuditFilters): Record<string, string> {
  const chosen = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(chosen);
}
