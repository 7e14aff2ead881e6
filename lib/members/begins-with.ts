import { and, gte, lt, type SQL, sql } from "drizzle-orm";
import { members, memberSearchTerms as terms } from "#db/schema/members.ts";

const LAST_CHARACTER = "\u{10FFFF}";

/** What somebody is found by that begins so. Not LIKE: what is to use an index under row-level security has to be leakproof. */
export function beginsWith(typed: string): SQL | undefined {
  const text = typed.trim().toLowerCase();
  return and(gte(terms.term, text), lt(terms.term, `${text}${LAST_CHARACTER}`));
}

/**
 * What the row of everybody says who is found so, and of few others. Beside the words and not instead of them: a list that is
 * read in its order looks among the words only for whom this lets through.
 */
export function rowBegins(typed: string): SQL {
  const text = typed.trim().toLowerCase();
  // Not LIKE, whose patterns PostgreSQL thinks to know the share of: it would count on fewer people than there are.
  return sql`(strpos(' ' || lower(${members.name}), ${` ${text}`}) > 0
    or strpos(${members.usernameKey}, ${text}) = 1 or strpos(${members.emailKey}, ${text}) = 1)`;
}
