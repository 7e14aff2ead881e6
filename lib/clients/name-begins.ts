import { like, or, type SQL, sql } from "drizzle-orm";
import { clients } from "#db/schema/clients.ts";

/** Whether a client's name, or any word of it, begins so. */
export function clientNameBegins(typed: string): SQL | undefined {
  const begin = `${typed.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  const name = sql`lower(${clients.name})`;
  return or(like(name, begin), like(name, `% ${begin}`));
}
