import { type SQL, sql } from "drizzle-orm";
import { members, memberSearchTerms as terms } from "#db/schema/members.ts";
import { termBegins } from "#lib/core/term-begins.ts";

/** What somebody is found by that begins so. */
export function beginsWith(typed: string): SQL | undefined {
  return termBegins(terms.term, typed);
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
