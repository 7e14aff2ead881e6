import { and, asc, eq, ne, type SQL } from "drizzle-orm";
import { connectionConfigurations } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import type { Configuration } from "../configuration.ts";

type Row = typeof connectionConfigurations.$inferSelect;

/** How long what served before may still serve beside what serves now (DEC19). */
export const FORMER_SERVES = 24 * HOUR;

type Switch = { connectionId: string; draft: Pick<Row, "id">; compromised: boolean };

/** Lets the draft serve from here on, and what served step beside it, or down where it is compromised. */
export async function putDraftInPlace(
  db: TenantDb,
  now: Date,
  { connectionId, draft, compromised }: Switch,
): Promise<void> {
  await lockConfigurations(db, connectionId);
  await moveFrom(db, connectionId, "former", { role: "past", servesUntil: now });
  await moveFrom(
    db,
    connectionId,
    "serving",
    compromised
      ? { role: "past", servesUntil: now }
      : { role: "former", servesUntil: after(now, FORMER_SERVES) },
  );
  const fresh = { successes: 0, failures: 0, failureMarks: [], failedBecause: null };
  await db
    .update(connectionConfigurations)
    .set({ role: "serving", servingSince: now, servesUntil: null, ...fresh })
    .where(eq(connectionConfigurations.id, draft.id));
}

/**
 * Lets what served before serve again, and ends what serves now. Undefined where there is none, or its time is over.
 * Gives the one that serves again.
 */
export async function putFormerBack(
  db: TenantDb,
  now: Date,
  connectionId: string,
  failedBecause: string,
): Promise<Row | undefined> {
  const former = (await lockConfigurations(db, connectionId)).find(({ role }) => role === "former");
  if (!former || !mayStillServe(former, now)) return undefined;
  await moveFrom(db, connectionId, "serving", { role: "past", servesUntil: now, failedBecause });
  const [serving] = await db
    .update(connectionConfigurations)
    .set({ role: "serving", servingSince: now, servesUntil: null })
    .where(eq(connectionConfigurations.id, former.id))
    .returning();
  return serving;
}

/** Whether one that has stepped beside another may still let somebody in. */
export function mayStillServe({ servesUntil }: Pick<Configuration, "servesUntil">, now: Date): boolean {
  return servesUntil !== null && now < servesUntil;
}

/**
 * What serves a connection, stands beside it or may take its place, locked. In one order: whoever counts outcomes may need two of
 * them, and so does whoever switches.
 */
export function lockConfigurations(db: TenantDb, connectionId: string | SQL): Promise<Row[]> {
  return db
    .select()
    .from(connectionConfigurations)
    .where(
      and(eq(connectionConfigurations.connectionId, connectionId), ne(connectionConfigurations.role, "past")),
    )
    .orderBy(asc(connectionConfigurations.id))
    .for("no key update");
}

export async function moveFrom(
  db: TenantDb,
  connectionId: string,
  role: Row["role"],
  changes: Partial<Row>,
): Promise<void> {
  await db
    .update(connectionConfigurations)
    .set(changes)
    .where(
      and(eq(connectionConfigurations.connectionId, connectionId), eq(connectionConfigurations.role, role)),
    );
}
