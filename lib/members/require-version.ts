import { DomainError, type FieldErrors } from "#lib/core/errors.ts";

type Shown = { typed: Record<string, string>; saved: Record<string, string> };

/**
 * Of two people who change one record at once the second is told what the first has saved, field by field (E6). Nothing is
 * asked where no version is given, or where both want the same. Throws conflict with the row's version, by which
 * whoever has seen the difference goes on.
 */
export function requireVersion(row: { version: number }, given: number | undefined, shown: Shown): void {
  if (given === undefined || given === row.version) return;
  const { typed, saved } = shown;
  const fieldErrors: FieldErrors = {};
  for (const [field, value] of Object.entries(saved)) {
    if (value !== typed[field]) fieldErrors[field] = [`Saved meanwhile: ${value === "" ? "nothing" : value}`];
  }
  if (Object.keys(fieldErrors).length === 0) return;
  throw new DomainError("conflict", OVERTAKEN, { fieldErrors, version: row.version });
}

/** The same for what one does without typing anything, as deleting. Throws conflict. */
export function requireSeenVersion(row: { version: number }, given: number | undefined): void {
  if (given === undefined || given === row.version) return;
  throw new DomainError("conflict", CHANGED, { version: row.version });
}

const CHANGED = "Somebody else has changed this since you saw it. Look at it again first.";

const OVERTAKEN =
  "Somebody else has changed this since you opened the page. What is saved now stands beside what you chose. Nothing of yours is lost: save again to put yours in its place.";
