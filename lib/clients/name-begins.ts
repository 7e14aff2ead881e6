import { type SQL, sql } from "drizzle-orm";
import { clients, clientSearchTerms as terms } from "#db/schema/clients.ts";
import { termBegins } from "#lib/core/term-begins.ts";

/** Whether a client's name, or any word of it, begins so. */
export function clientNameBegins(typed: string): SQL {
  return sql`${clients.id} in (select ${terms.clientId} from ${terms} where ${termBegins(terms.term, typed)})`;
}
