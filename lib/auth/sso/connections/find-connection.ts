import { and, desc, eq, ne } from "drizzle-orm";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { conflict, notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { type Configuration, type Connection, withSettings } from "../configuration.ts";

/** One of the firm's connections. Throws not_found. */
export async function requireConnection(db: TenantDb, id: string): Promise<Connection> {
  if (!isId(id)) throw notFound();
  const [connection] = await db.select().from(connections).where(eq(connections.id, id));
  if (!connection) throw notFound();
  return connection;
}

/** The same, held until the transaction ends: one change of a connection at a time. */
export async function lockConnection(db: TenantDb, id: string): Promise<Connection> {
  const [connection] = await db.select().from(connections).where(eq(connections.id, id)).for("update");
  if (!connection) throw notFound();
  return connection;
}

/** The same of one that is not retired, which nothing can change any more. Throws conflict. */
export async function lockUsedConnection(db: TenantDb, id: string): Promise<Connection> {
  const connection = await lockConnection(db, id);
  if (connection.state === "retired") throw conflict("connectionId", "This connection is retired.");
  return connection;
}

/** Its configurations by the part that each has now. */
export async function configurationsOf(
  db: TenantDb,
  connectionId: string,
): Promise<Partial<Record<"draft" | "serving" | "former", Configuration>>> {
  const rows = await db
    .select()
    .from(connectionConfigurations)
    .where(
      and(eq(connectionConfigurations.connectionId, connectionId), ne(connectionConfigurations.role, "past")),
    );
  return Object.fromEntries(rows.map((row) => [row.role, withSettings(row)]));
}

/** Those that have served, the newest first. */
export function pastOf(db: TenantDb, connectionId: string) {
  return db
    .select()
    .from(connectionConfigurations)
    .where(
      and(eq(connectionConfigurations.connectionId, connectionId), eq(connectionConfigurations.role, "past")),
    )
    .orderBy(desc(connectionConfigurations.servingSince))
    .limit(20);
}
