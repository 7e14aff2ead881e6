import { and, eq, isNull, or, sql } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";

/** Shorter limits bind whoever is signed in already; longer ones count from the next sign-in (I3). Gives their number. */
export async function shortenSessions(
  db: TenantDb,
  { idleMinutes, sessionHours }: Pick<SecurityOptions, "idleMinutes" | "sessionHours">,
): Promise<number> {
  const end = sql`${sessions.createdAt} + make_interval(secs => ${(sessionHours * HOUR) / 1000})`;
  const shortened = await db
    .update(sessions)
    .set({
      idleMinutes: sql`least(${sessions.idleMinutes}, ${idleMinutes}::integer)`,
      expiresAt: sql`least(${sessions.expiresAt}, ${end})`,
    })
    .where(
      and(
        eq(sessions.kind, "full"),
        isNull(sessions.revokedAt),
        or(sql`${sessions.idleMinutes} > ${idleMinutes}`, sql`${sessions.expiresAt} > ${end}`),
      ),
    )
    .returning({ id: sessions.id });
  return shortened.length;
}

/** The same for the own wait of one member. */
export async function shortenIdle(db: TenantDb, memberId: string, idleMinutes: number | null): Promise<void> {
  if (idleMinutes === null) return;
  await db
    .update(sessions)
    .set({ idleMinutes: sql`least(${sessions.idleMinutes}, ${idleMinutes}::integer)` })
    .where(and(eq(sessions.memberId, memberId), eq(sessions.kind, "full"), isNull(sessions.revokedAt)));
}
