import { and, gte, lt, type SQL } from "drizzle-orm";
import { memberSearchTerms as terms } from "#db/schema/members.ts";

const LAST_CHARACTER = "\u{10FFFF}";

/** What somebody is found by that begins so. Not LIKE: what is to use an index under row-level security has to be leakproof. */
export function beginsWith(typed: string): SQL | undefined {
  const text = typed.trim().toLowerCase();
  return and(gte(terms.term, text), lt(terms.term, `${text}${LAST_CHARACTER}`));
}
