import { and, type Column, gte, lt, type SQL } from "drizzle-orm";

const LAST_CHARACTER = "\u{10FFFF}";

/**
 * Whether a term to search by begins as was typed, in whatever letters. Not LIKE: what is to use an index under row-level
 * security has to be leakproof.
 */
export function termBegins(term: Column, typed: string): SQL | undefined {
  const text = typed.trim().toLowerCase();
  return and(gte(term, text), lt(term, `${text}${LAST_CHARACTER}`));
}
